"""get-user-roles: returns the roles of one user, so that the app can choose its menus."""

from __future__ import annotations

from uuid import UUID

from backend.functions.users import _queries
from backend.functions.users._types import Roles
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, EVERYBODY
from backend.runtime.endpoint import Caller, endpoint
from backend.runtime.problems import NotFound


@endpoint(
    "get-user-roles",
    "GET /users/{id}/roles",
    roles=EVERYBODY,
    scope="the user themselves, or an administrator",
)
def handler(caller: Caller, db: Transaction, id: UUID) -> Roles:
    """Return one's own roles, or as administrator anybody's of the practice."""
    if caller.role != ADMINISTRATOR and caller.user_id != id:
        raise NotFound
    role: str = db.one(_queries.ROLE, {"id": id})["role"]
    db.audit("read", "user", id)
    return Roles(id, [role])
