"""confirm-appointment: marks the appointment of a reminder's public link as confirmed."""

from __future__ import annotations

import hashlib

from backend.functions.appointments import _queries
from backend.functions.appointments._types import Confirmed
from backend.runtime.database import Transaction
from backend.runtime.declaration import RateLimit
from backend.runtime.endpoint import endpoint
from backend.runtime.problems import NotFound


@endpoint(
    "confirm-appointment",
    "POST /appointments/confirm/{token}",
    public=True,
    scope="whoever holds the single-use token of the reminder",
    limit=RateLimit(calls=30, seconds=60, by="address"),
)
def handler(db: Transaction, token: str) -> Confirmed:
    """Confirm, once; whoever has no token, an old one or a used one learns nothing."""
    digest = hashlib.sha256(token.encode()).hexdigest()
    found = db.one(_queries.CONFIRM, {"digest": digest})["id"]
    if found is None:
        raise NotFound
    client = db.one(_queries.CONFIRMED_CLIENT, {"id": found})["client_id"]
    db.emit("appointment.confirmed", "appointment", found, appointment_id=found)
    db.audit("confirm", "appointment", found, client)
    return Confirmed()
