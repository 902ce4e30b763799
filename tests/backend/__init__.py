"""Tests of the bundled backend."""
