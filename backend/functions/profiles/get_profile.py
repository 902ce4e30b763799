"""get-profile: reads one staff profile."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.profiles import _queries
from backend.functions.profiles._types import Profile
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import endpoint


@endpoint(
    "get-profile", "GET /profiles/{id}", roles=STAFF, scope="staff; every profile of the practice"
)
def handler(db: Transaction, id: UUID) -> Profile:
    """Return the profile of a member of the caller's practice."""
    row = db.one(_queries.GET, {"id": id})
    db.audit("read", "profile", id)
    return msgspec.convert(row, Profile)
