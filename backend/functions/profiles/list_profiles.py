"""list-profiles: lists staff profiles by role and name, in pages."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.profiles import _queries
from backend.functions.profiles._types import Profile, ProfileFilter
from backend.runtime import pages
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import endpoint
from backend.runtime.pages import Page

_FIRST = ("", UUID(int=0))


@endpoint(
    "list-profiles", "GET /profiles", roles=STAFF, scope="staff; every profile of the practice"
)
def handler(db: Transaction, query: ProfileFilter) -> Page[Profile]:
    """Return a page of the practice's staff, by name."""
    name, after = pages.after(query.cursor, str, UUID) or _FIRST
    given = msgspec.structs.asdict(query) | {"name": name, "after": after, "limit": query.limit + 1}
    rows = db.rows(_queries.LIST, given)
    db.audit("read", "profiles", None)
    return pages.page(rows, query.limit, Profile, "full_name", "id")
