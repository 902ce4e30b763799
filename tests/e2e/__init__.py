"""Tests of the whole way, from an account to a scorecard."""
