"""Tests of the checks that ship."""
