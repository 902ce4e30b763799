"""update-profile: changes what may be changed of a staff profile."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.profiles import _queries
from backend.functions.profiles._types import Profile, ProfileChange
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, STAFF
from backend.runtime.endpoint import Caller, endpoint
from backend.runtime.problems import NotFound


@endpoint(
    "update-profile",
    "PUT /profiles/{id}",
    roles=STAFF,
    scope="the profile itself, or an administrator",
)
def handler(caller: Caller, db: Transaction, id: UUID, body: ProfileChange) -> Profile:
    """Change one's own profile, or as administrator anybody's of the practice."""
    if caller.role != ADMINISTRATOR and caller.user_id != id:
        raise NotFound
    row = db.one(_queries.UPDATE, {"id": id, "full_name": body.full_name, "version": body.version})
    db.audit("update", "profile", id)
    return msgspec.convert(row, Profile)
