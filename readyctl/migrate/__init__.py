"""Reads, converts, applies, compares and checks SQL migrations."""
