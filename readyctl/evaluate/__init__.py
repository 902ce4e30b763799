"""Judges facts: pure functions from facts and checklist to findings, scores and verdict."""
