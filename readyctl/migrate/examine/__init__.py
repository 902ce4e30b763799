"""Finds what is wrong with a schema although every file applied."""
