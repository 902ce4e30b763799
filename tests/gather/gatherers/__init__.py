"""Tests of the facts, one module for each family."""
