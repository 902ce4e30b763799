"""Requests to the dashboard's functions."""

from __future__ import annotations

from tests.backend.requests import Call

REQUESTS = {"get-dashboard-stats": Call()}
