"""The only modules that talk to the outside: AWS, PostgreSQL, files."""
