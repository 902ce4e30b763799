"""Clients of what the functions talk to: Amazon's services, and vendors."""
