"""The `local` environment: an AWS emulator and a PostgreSQL server on this machine."""
