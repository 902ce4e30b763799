"""toggle-user-active: switches a staff account on or off."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.users import _queries
from backend.functions.users._types import ActiveChange, User
from backend.integrations import sign_in
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, USER_POOL
from backend.runtime.endpoint import endpoint
from backend.runtime.fields import changed


@endpoint(
    "toggle-user-active",
    "PUT /users/{id}/active",
    roles=(ADMINISTRATOR,),
    services=(USER_POOL,),
    timeout_seconds=15,
)
def handler(db: Transaction, id: UUID, body: ActiveChange) -> User:
    """Let a member of staff in, or keep them out at once; never oneself."""
    subject: str = db.one(_queries.OTHER, {"id": id})["subject"]
    user = msgspec.convert(db.one(_queries.UPDATE_ACTIVE, changed(body) | {"id": id}), User)
    db.emit("user.changed", "user", id, user_id=id)
    db.audit("switch_on" if body.active else "switch_off", "user", id)
    sign_in.set_active(subject, active=body.active)
    return user
