"""Gathers facts: reads, concurrently and once, and never judges."""
