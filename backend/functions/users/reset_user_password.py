"""reset-user-password: an administrator sets a new password for another user."""

from __future__ import annotations

from uuid import UUID

from backend.functions.users import _queries
from backend.functions.users._types import PasswordChange, PasswordSet
from backend.integrations import sign_in
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, USER_POOL
from backend.runtime.endpoint import endpoint


@endpoint(
    "reset-user-password",
    "PUT /users/{id}/password",
    roles=(ADMINISTRATOR,),
    services=(USER_POOL,),
    timeout_seconds=15,
    confidential=True,
)
def handler(db: Transaction, id: UUID, body: PasswordChange) -> PasswordSet:
    """Set a password that its owner must change, and end their sessions; not one's own."""
    subject: str = db.one(_queries.OTHER, {"id": id})["subject"]
    db.audit("reset_password", "user", id)
    sign_in.set_password(subject, body.password)
    return PasswordSet(id)
