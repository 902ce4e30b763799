"""Requests to the operations' functions."""

from __future__ import annotations

from tests.backend.requests import Call

REQUESTS = {"health-check": Call()}
