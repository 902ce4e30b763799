"""Examinations of a schema."""
