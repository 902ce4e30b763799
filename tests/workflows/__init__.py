"""Tests of what composes the rest."""
