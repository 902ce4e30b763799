"""list-notes: lists clinical notes by client, clinician and state."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from backend.functions.notes import _queries, _records
from backend.functions.notes._types import NoteFilter, NoteListed
from backend.runtime import pages
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, CLINICIANS
from backend.runtime.endpoint import endpoint
from backend.runtime.pages import Page


@endpoint(
    "list-notes",
    "GET /notes",
    roles=(ADMINISTRATOR, *CLINICIANS),
    scope=_records.AUTHOR_AND_SUPERVISOR,
)
def handler(db: Transaction, query: NoteFilter) -> Page[NoteListed]:
    """Return a page of the notes that the caller may see, the newest first, without their text."""
    at, after = pages.after(query.cursor, datetime, UUID) or pages.NEWEST
    given = msgspec.structs.asdict(query) | {"at": at, "after": after, "limit": query.limit + 1}
    rows = db.rows(_queries.LIST, given)
    db.audit("read", "notes", None, query.client_id if rows else None)
    return pages.page(rows, query.limit, NoteListed, "created_at", "id")
