"""create-note: stores a new clinical note."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from backend.functions.notes import _queries, _records
from backend.functions.notes._types import NewNote, Note
from backend.runtime.database import Transaction
from backend.runtime.declaration import CLINICIANS
from backend.runtime.endpoint import endpoint


@endpoint(
    "create-note",
    "POST /notes",
    roles=CLINICIANS,
    scope="for clients whom the author treats",
    success=201,
)
def handler(db: Transaction, body: NewNote, now: datetime) -> Note:
    """Store a draft; its deadline is the practice's, from the end of the appointment."""
    given = msgspec.structs.asdict(body) | {"now": now, "sections": Jsonb(body.sections)}
    db.one(_queries.TREATED, given)
    if body.appointment_id:
        db.one(_queries.APPOINTMENT, given)
    made: UUID = db.one(_queries.CREATE, given)["id"]
    _records.keep_diagnoses(db, made, body.diagnoses)
    note = _records.read(db, made)
    db.emit("note.created", "note", note.id, client_id=note.client_id)
    db.audit("create", "note", note.id, note.client_id)
    return note
