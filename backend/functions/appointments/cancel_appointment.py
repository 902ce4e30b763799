"""cancel-appointment: cancels with a reason, in time or late, and offers the slot to who waits."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from backend.functions.appointments import _booking, _queries
from backend.functions.appointments._types import Appointment, Cancellation
from backend.runtime.database import Transaction
from backend.runtime.declaration import EVERYBODY
from backend.runtime.endpoint import endpoint


@endpoint(
    "cancel-appointment", "POST /appointments/{id}/cancel", roles=EVERYBODY, scope=_booking.OWN
)
def handler(db: Transaction, id: UUID, body: Cancellation, now: datetime) -> Appointment:
    """Cancel an appointment. How many hours before it a cancellation is late, the practice sets."""
    held = db.one(_queries.HOLD, {"id": id})
    _booking.cancel(db, held, body, now)
    return _booking.read(db, id)
