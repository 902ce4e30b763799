"""Reads the whole catalog of a database in one round trip."""
