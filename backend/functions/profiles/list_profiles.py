"""list-profiles: lists staff profiles by role and name, in pages."""

from __future__ import annotations

from uuid import UUID

from backend.functions.profiles import _queries
from backend.functions.profiles._types import Profile, ProfileFilter
from backend.runtime import pages
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import endpoint
from backend.runtime.pages import Page


@endpoint(
    "list-profiles", "GET /profiles", roles=STAFF, scope="staff; every profile of the practice"
)
def handler(db: Transaction, query: ProfileFilter) -> Page[Profile]:
    """Return a page of the practice's staff, by name."""
    name, last = pages.after(query.cursor, str, UUID) or (None, None)
    found = db.rows(
        _queries.LIST,
        {
            "role": query.role,
            "search": query.search,
            "name": name,
            "id": last,
            "limit": query.limit + 1,
        },
    )
    return pages.page(found, query.limit, Profile, "full_name", "id")
