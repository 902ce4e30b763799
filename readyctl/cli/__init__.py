"""The command line: parses, calls a workflow, renders, exits."""
