"""list-users: lists staff accounts with filters for the admin user page."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.users import _queries
from backend.functions.users._types import User, UserFilter
from backend.runtime import pages
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, SUPERVISOR
from backend.runtime.endpoint import endpoint
from backend.runtime.pages import Page

_FIRST = ("", UUID(int=0))


@endpoint("list-users", "GET /users", roles=(ADMINISTRATOR, SUPERVISOR))
def handler(db: Transaction, query: UserFilter) -> Page[User]:
    """Return a page of the practice's staff, by name."""
    name, after = pages.after(query.cursor, str, UUID) or _FIRST
    given = msgspec.structs.asdict(query) | {"name": name, "after": after, "limit": query.limit + 1}
    rows = db.rows(_queries.LIST, given)
    db.audit("read", "users", None)
    return pages.page(rows, query.limit, User, "full_name", "id")
