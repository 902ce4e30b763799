"""Turns a scorecard into text; pure functions without clock, environment or network."""
