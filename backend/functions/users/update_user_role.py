"""update-user-role: changes the role of one staff member and writes an audit entry."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.users import _queries
from backend.functions.users._types import RoleChange, User
from backend.integrations import sign_in
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, USER_POOL
from backend.runtime.endpoint import endpoint
from backend.runtime.fields import changed


@endpoint(
    "update-user-role",
    "PUT /users/{id}/role",
    roles=(ADMINISTRATOR,),
    services=(USER_POOL,),
    timeout_seconds=15,
)
def handler(db: Transaction, id: UUID, body: RoleChange) -> User:
    """Change a role; whoever has it must sign in again. Nobody changes their own."""
    subject: str = db.one(_queries.OTHER, {"id": id})["subject"]
    user = msgspec.convert(db.one(_queries.UPDATE_ROLE, changed(body) | {"id": id}), User)
    db.emit("user.changed", "user", id, user_id=id)
    db.audit("change_role", "user", id)
    sign_in.sign_out(subject)
    return user
