"""Requests to the profiles' functions."""

from __future__ import annotations

from tests.backend.requests import Call

HOST = "10000000-0000-4000-8000-000000000001"

REQUESTS = {
    "get-profile": Call(path={"id": HOST}),
    "list-profiles": Call(query={"limit": "10"}),
    "update-profile": Call(
        path={"id": HOST}, body={"version": 1, "full_name": "New"}, theirs=("host", "admin")
    ),
}
