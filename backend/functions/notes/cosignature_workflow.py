"""cosignature-workflow: moves a note through the co-signature states and asks for notifications."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.functions.notes import _queries, _records
from backend.functions.notes._types import Cosignature, Note
from backend.runtime.database import Row, Transaction
from backend.runtime.declaration import CLINICIANS
from backend.runtime.endpoint import endpoint
from backend.runtime.problems import BadRequest, Conflict

_WAITING = "pending_cosignature"


@endpoint(
    "cosignature-workflow",
    "POST /notes/{id}/cosignature",
    roles=CLINICIANS,
    scope="the author's supervisor approves and returns; the author reminds",
)
def handler(db: Transaction, id: UUID, body: Cosignature, now: datetime) -> Note:
    """Approve a note, return it to its author with a comment, or remind the supervisor."""
    if body.action == "remind":
        note = _waiting(db.one(_queries.OWN, {"id": id}))
        _expect(db, id, body.version)
        state = "reminded"
    else:
        note = _waiting(db.one(_queries.SUPERVISED, {"id": id}))
        state = _decided(db, id, body, note, now)
    db.emit("cosignature.changed", "note", id, note_id=id, state=state)
    db.audit(body.action, "note", id, note["client_id"])
    return _records.read(db, id)


def _waiting(note: Row) -> Row:
    if note["status"] != _WAITING:
        raise Conflict("the note does not wait for a co-signature")
    return note


def _expect(db: Transaction, id: UUID, version: int) -> None:
    if db.one(_queries.VERSION, {"id": id})["version"] != version:
        raise Conflict


def _decided(db: Transaction, id: UUID, body: Cosignature, note: Row, now: datetime) -> str:
    if body.action == "return" and not body.comment.strip():
        raise BadRequest("`comment` in the body is missing: it tells the author what to change")
    decision = "cosigned" if body.action == "approve" else "returned"
    given = {"id": id, "decision": decision, "comment": body.comment, "version": body.version}
    db.run(_queries.DECIDE, given)
    db.run(_queries.REVIEW, given)
    if decision == "cosigned":
        signature = {"kind": "cosigner", "digest": _records.digest(note["sections"])}
        db.run(_queries.ADD_SIGNATURE, {"id": id} | signature)
        db.run(_queries.LOCK, {"id": id, "now": now})
    return decision
