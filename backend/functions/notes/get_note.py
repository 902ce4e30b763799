"""get-note: reads one note with its versions and co-signature state."""

from __future__ import annotations

from uuid import UUID

from backend.functions.notes import _records
from backend.functions.notes._types import Note
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, CLINICIANS
from backend.runtime.endpoint import endpoint


@endpoint(
    "get-note",
    "GET /notes/{id}",
    roles=(ADMINISTRATOR, *CLINICIANS),
    scope=_records.AUTHOR_AND_SUPERVISOR,
)
def handler(db: Transaction, id: UUID) -> Note:
    """Return a note that the caller may see."""
    note = _records.read(db, id)
    db.audit("read", "note", id, note.client_id)
    return note
