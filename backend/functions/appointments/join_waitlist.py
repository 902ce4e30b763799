"""join-waitlist: puts a client on the waitlist with preferred clinician, days and times."""

from __future__ import annotations

import msgspec

from backend.functions.appointments import _booking, _queries
from backend.functions.appointments._types import NewWaitlistEntry, WaitlistEntry
from backend.runtime.database import Transaction
from backend.runtime.declaration import EVERYBODY
from backend.runtime.endpoint import Caller, endpoint
from backend.runtime.problems import BadRequest


@endpoint("join-waitlist", "POST /waitlist", roles=EVERYBODY, scope=_booking.OWN, success=201)
def handler(caller: Caller, db: Transaction, body: NewWaitlistEntry) -> WaitlistEntry:
    """Let a client wait; whoever waits for the same clinician already is a conflict."""
    if body.latest <= body.earliest:
        raise BadRequest("`latest` is not after `earliest`")
    client = _booking.client_of(db, caller, body.client_id)
    if body.clinician_id:
        db.one(_queries.CLINICIAN, {"clinician_id": body.clinician_id})
    row = db.one(_queries.JOIN_WAITLIST, msgspec.structs.asdict(body) | {"client_id": client})
    entry = msgspec.convert(row, WaitlistEntry)
    db.emit("waitlist.joined", "waitlist_entry", entry.id, entry_id=entry.id)
    db.audit("create", "waitlist_entry", entry.id, client)
    return entry
