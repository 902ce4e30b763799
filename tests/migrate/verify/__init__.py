"""Comparing schemas: every change is seen and named, and nothing else is."""
