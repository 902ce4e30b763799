"""Tests of linting migrations."""
