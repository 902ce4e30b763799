"""Tests of the predicates, by family."""
