"""get-appointment: reads one appointment with participants and telehealth link."""

from __future__ import annotations

from uuid import UUID

from backend.functions.appointments import _booking
from backend.functions.appointments._types import Appointment
from backend.runtime.database import Transaction
from backend.runtime.declaration import EVERYBODY
from backend.runtime.endpoint import endpoint


@endpoint("get-appointment", "GET /appointments/{id}", roles=EVERYBODY, scope=_booking.OWN)
def handler(db: Transaction, id: UUID) -> Appointment:
    """Return an appointment; its client is named to those who may see the client."""
    found = _booking.read(db, id)
    db.audit("read", "appointment", id, found.client_id)
    return found
