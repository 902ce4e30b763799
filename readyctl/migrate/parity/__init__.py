"""Compares an expected schema with a live one, and writes the SQL that brings them together."""
