"""create-client: registers a client and gives it a record number."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.clients import _queries, _records
from backend.functions.clients._types import Client, NewClient
from backend.runtime.database import Transaction
from backend.runtime.declaration import ASSOCIATE_TRAINEE, STAFF, THERAPIST
from backend.runtime.endpoint import Caller, endpoint
from backend.runtime.problems import Forbidden


@endpoint(
    "create-client",
    "POST /clients",
    roles=STAFF,
    scope="staff for clients of their care team; administrator for every client; "
    "front_desk without clinical fields",
    success=201,
)
def handler(caller: Caller, db: Transaction, body: NewClient) -> Client:
    """Register a client. Therapists and trainees who register one are the primary clinician."""
    registers_own = caller.role in (THERAPIST, ASSOCIATE_TRAINEE)
    if registers_own and body.clinician_id not in (None, caller.user_id):
        raise Forbidden("`clinician_id` can only be your own")
    primary = caller.user_id if registers_own else body.clinician_id
    if primary:
        _records.clinician(db, primary)
    number = db.one(_queries.NEXT_NUMBER)
    made: UUID = db.one(_queries.CREATE, msgspec.structs.asdict(body) | number)["id"]
    if primary:
        db.run(_queries.JOIN_CARE_TEAM, {"client_id": made, "user_id": primary})
    if body.clinical:
        _records.keep_clinical(db, caller.role, made, body.clinical)
    client = _records.read(db, made)
    db.emit("client.created", "client", client.id, client_id=client.id)
    db.audit("create", "client", client.id, client.id)
    return client
