"""Requests to the appointments' functions."""

from __future__ import annotations

from tests.backend.people import identifier
from tests.backend.requests import Call

CLIENT, HOST = identifier("2", "1"), identifier("1", "1")
PAST, COMING = identifier("3", "1"), identifier("3", "2")
# Who sees the client, and the client.
THEIRS = ("admin", "supervisor", "host", "billing", "desk", "client")
# Monday, 2030-01-14, 10:00 in New York.
MONDAY = "2030-01-14T15:00:00Z"

REQUESTS = {
    "create-appointment": Call(
        body={"client_id": CLIENT, "clinician_id": HOST, "starts_at": MONDAY}, theirs=THEIRS
    ),
    "get-appointment": Call(path={"id": PAST}),
    "list-appointments": Call(query={"limit": "10", "from": "2026-01-01T00:00:00Z"}),
    "update-appointment": Call(path={"id": COMING}, body={"version": 1, "starts_at": MONDAY}),
    "cancel-appointment": Call(path={"id": COMING}, body={"version": 1, "reason": "ill"}),
    "check-availability": Call(
        query={
            "clinician_id": HOST,
            "from": "2030-01-14T00:00:00Z",
            "to": "2030-01-16T00:00:00Z",
        }
    ),
    "confirm-appointment": Call(path={"token": "One-token"}),
    "join-waitlist": Call(
        body={"client_id": CLIENT, "weekdays": [0, 4], "earliest": "09:00:00"}, theirs=THEIRS
    ),
}
