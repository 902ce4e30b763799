"""sign-note: signs and locks a note; sends it to co-signature when the author needs one."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.functions.notes import _queries, _records
from backend.functions.notes._types import Note
from backend.runtime.database import Transaction
from backend.runtime.declaration import ASSOCIATE_TRAINEE, CLINICIANS
from backend.runtime.endpoint import endpoint
from backend.runtime.fields import Change
from backend.runtime.problems import Conflict


@endpoint("sign-note", "POST /notes/{id}/sign", roles=CLINICIANS, scope=_records.AUTHOR)
def handler(db: Transaction, id: UUID, body: Change, now: datetime) -> Note:
    """Sign a draft. A trainee's note then waits for the supervisor; every other one is locked."""
    note = db.one(_queries.OWN, {"id": id})
    if note["status"] not in _records.EDITABLE:
        raise Conflict("the note is signed or locked")
    if not any(text.strip() for text in note["sections"].values()):
        raise Conflict("the note is empty")
    author = db.one(_queries.SUPERVISOR)
    trains = author["role"] == ASSOCIATE_TRAINEE
    if trains and author["supervisor_id"] is None:
        raise Conflict("the author needs a co-signature, and has no supervisor")
    given = {"id": id, "now": now, "version": body.version}
    db.run(_queries.SIGN, given)
    signature = {"kind": "author", "digest": _records.digest(note["sections"])}
    db.run(_queries.ADD_SIGNATURE, given | signature)
    db.run(_queries.ASK_COSIGNATURE if trains else _queries.LOCK, given)
    db.emit("note.signed", "note", id, client_id=note["client_id"])
    if trains:
        db.emit("cosignature.changed", "note", id, note_id=id, state="pending")
    db.audit("sign", "note", id, note["client_id"])
    return _records.read(db, id)
