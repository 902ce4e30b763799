"""Profiles of the people who work in a practice."""
