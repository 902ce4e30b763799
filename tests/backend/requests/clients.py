"""Requests to the clients' functions."""

from __future__ import annotations

from tests.backend.people import identifier
from tests.backend.requests import Call

CLIENT = identifier("2", "1")

REQUESTS = {
    "create-client": Call(
        body={"first_name": "N", "last_name": "N", "date_of_birth": "1980-02-29"}
    ),
    "get-client": Call(
        path={"id": CLIENT}, theirs=("admin", "supervisor", "host", "billing", "desk")
    ),
    "list-clients": Call(query={"limit": "10"}),
    "update-client": Call(
        path={"id": CLIENT},
        body={"version": 1, "phone": "+1 555 0100"},
        theirs=("admin", "supervisor", "host", "desk"),
    ),
}
