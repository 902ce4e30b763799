"""Requests to the users' functions."""

from __future__ import annotations

from tests.backend.people import identifier
from tests.backend.requests import Call

OTHER = identifier("1", "2")

REQUESTS = {
    "create-user": Call(
        body={"email": "new.colleague@example.org", "full_name": "N", "role": "therapist"}
    ),
    "get-user-roles": Call(path={"id": OTHER}, theirs=("admin", "other")),
    "list-users": Call(query={"active": "true", "limit": "10"}),
    "reset-user-password": Call(path={"id": OTHER}, body={"password": "Correct-horse-9-battery"}),
    "toggle-user-active": Call(path={"id": OTHER}, body={"version": 1, "active": False}),
    "update-user-role": Call(path={"id": OTHER}, body={"version": 1, "role": "supervisor"}),
}
