"""Requests to the tasks' functions."""

from __future__ import annotations

from tests.backend.people import identifier
from tests.backend.requests import Call

REQUESTS = {
    "create-task": Call(body={"title": "Call the pharmacy", "priority": "high"}),
    "list-tasks": Call(query={"status": "open", "limit": "10"}),
    "update-task": Call(
        path={"id": identifier("7", "1")},
        body={"version": 1, "status": "done"},
        theirs=("admin", "supervisor", "host"),
    ),
}
