"""update-client: changes demographic and care-team fields of a client."""

from __future__ import annotations

from uuid import UUID

from msgspec import UNSET

from backend.functions.clients import _queries, _records
from backend.functions.clients._types import Client, ClientChange
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, FRONT_DESK, STAFF, SUPERVISOR
from backend.runtime.endpoint import Caller, endpoint
from backend.runtime.fields import changed
from backend.runtime.problems import Forbidden

_ASSIGNING = (ADMINISTRATOR, SUPERVISOR, FRONT_DESK)


@endpoint(
    "update-client",
    "PUT /clients/{id}",
    roles=STAFF,
    scope="staff for clients of their care team; administrator for every client; "
    "front_desk without clinical fields",
)
def handler(caller: Caller, db: Transaction, id: UUID, body: ClientChange) -> Client:
    """Change what the body names; what it leaves out stays as it is."""
    db.one(_queries.UPDATE, changed(body) | {"id": id})
    if body.clinician_id is not UNSET:
        if caller.role not in _ASSIGNING:
            raise Forbidden("`clinician_id` is for those who assign clients")
        team = {"client_id": id, "user_id": _records.clinician(db, body.clinician_id)}
        db.run(_queries.NO_PRIMARY, team)
        db.run(_queries.MAKE_PRIMARY, team)
    if body.clinical is not UNSET:
        _records.keep_clinical(db, caller.role, id, body.clinical)
    client = _records.read(db, id)
    db.audit("update", "client", id, id)
    return client
