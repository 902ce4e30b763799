"""Accounts of the staff: who signs in, with which role, and who tried to."""
