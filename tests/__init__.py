"""Tests of readyctl; folders mirror the source."""
