"""Requests to the notes' functions."""

from __future__ import annotations

from tests.backend.people import identifier
from tests.backend.requests import Call

DRAFT, PENDING = identifier("6", "1"), identifier("6", "2")

REQUESTS = {
    "create-note": Call(
        body={
            "client_id": identifier("2", "1"),
            "kind": "progress",
            "appointment_id": identifier("3", "1"),
            "sections": {"subjective": "s"},
            "diagnoses": ["F41.1"],
        },
        theirs=("host", "supervisor"),
    ),
    "get-note": Call(path={"id": DRAFT}, theirs=("admin", "supervisor", "host")),
    "list-notes": Call(query={"limit": "10"}),
    "update-note": Call(
        path={"id": DRAFT}, body={"version": 1, "sections": {"plan": "p"}}, theirs=("host",)
    ),
    "sign-note": Call(path={"id": DRAFT}, body={"version": 1}, theirs=("host",)),
    "cosignature-workflow": Call(
        path={"id": PENDING}, body={"version": 1, "action": "approve"}, theirs=("supervisor",)
    ),
}
