"""Requests to the functions of analytics."""

from __future__ import annotations

from tests.backend.requests import Call

REQUESTS = {
    "calculate-clinical-analytics": Call(query={"from": "2026-01-01", "to": "2026-03-31"}),
}
