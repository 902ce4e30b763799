"""Tests of what every function shares."""
