"""Tasks of the staff."""
