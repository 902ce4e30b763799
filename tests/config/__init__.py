"""Tests of finding and reading the configuration."""
