"""Tests of the migrations half of the product."""
