"""Measures what readyctl promises: programs that exit with 1 when a promise is broken."""
