"""Finds what is unsafe in migrations: rules over the whole folder, and squawk's over each file."""
