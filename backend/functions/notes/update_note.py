"""update-note: edits a draft with optimistic locking; each change kept as a version."""

from __future__ import annotations

from uuid import UUID

import msgspec
from psycopg.types.json import Jsonb

from backend.functions.notes import _queries, _records
from backend.functions.notes._types import Note, NoteChange
from backend.runtime.database import Transaction
from backend.runtime.declaration import CLINICIANS
from backend.runtime.endpoint import endpoint
from backend.runtime.fields import changed
from backend.runtime.problems import Conflict


@endpoint(
    "update-note",
    "PUT /notes/{id}",
    roles=CLINICIANS,
    scope=f"{_records.AUTHOR}, while nobody has signed it",
)
def handler(db: Transaction, id: UUID, body: NoteChange) -> Note:
    """Change what the body names; the database keeps what the note said before."""
    note = db.one(_queries.OWN, {"id": id})
    if note["status"] not in _records.EDITABLE:
        raise Conflict("the note is signed or locked")
    given = changed(body) | {"id": id, "client_id": note["client_id"]}
    if body.appointment_id:
        db.one(_queries.APPOINTMENT, given)
    if body.sections is not msgspec.UNSET:
        given["sections"] = Jsonb(body.sections)
    db.run(_queries.UPDATE, given)
    if body.diagnoses is not msgspec.UNSET:
        _records.keep_diagnoses(db, id, body.diagnoses)
    db.audit("update", "note", id, note["client_id"])
    return _records.read(db, id)
