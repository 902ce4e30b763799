"""get-client: reads one client with the care-team names."""

from __future__ import annotations

from uuid import UUID

from backend.functions.clients import _records
from backend.functions.clients._types import Client
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import endpoint


@endpoint(
    "get-client",
    "GET /clients/{id}",
    roles=STAFF,
    scope="staff for clients of their care team; administrator for every client; "
    "front_desk without clinical fields",
)
def handler(db: Transaction, id: UUID) -> Client:
    """Return a client whom the caller may see."""
    client = _records.read(db, id)
    db.audit("read", "client", id, id)
    return client
