"""Clients of a practice, and who cares for them."""
