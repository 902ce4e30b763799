"""list-clients: pages through the client list with the assigned therapist."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.clients import _queries
from backend.functions.clients._types import ClientFilter, ClientListed
from backend.runtime import pages
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import endpoint
from backend.runtime.pages import Page

_FIRST = ("", "", UUID(int=0))


@endpoint(
    "list-clients",
    "GET /clients",
    roles=STAFF,
    scope="staff for clients of their care team; administrator for every client; "
    "front_desk without clinical fields",
)
def handler(db: Transaction, query: ClientFilter) -> Page[ClientListed]:
    """Return a page of the clients whom the caller may see, by name."""
    last_key, first_key, after = pages.after(query.cursor, str, str, UUID) or _FIRST
    key = {"last_key": last_key, "first_key": first_key, "after": after}
    rows = db.rows(_queries.LIST, msgspec.structs.asdict(query) | key | {"limit": query.limit + 1})
    db.audit("read", "clients", None)
    return pages.page(rows, query.limit, ClientListed, "last_name_key", "first_name_key", "id")
