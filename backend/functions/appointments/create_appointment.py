"""create-appointment: books an appointment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from backend.functions.appointments import _booking, _queries
from backend.functions.appointments._types import Appointment, NewAppointment
from backend.runtime.database import Transaction
from backend.runtime.declaration import EVERYBODY
from backend.runtime.endpoint import Caller, endpoint


@endpoint(
    "create-appointment", "POST /appointments", roles=EVERYBODY, scope=_booking.OWN, success=201
)
def handler(caller: Caller, db: Transaction, body: NewAppointment, now: datetime) -> Appointment:
    """Book a clinician who is free; of two who book at once the database lets one."""
    client = _booking.client_of(db, caller, body.client_id)
    length = timedelta(minutes=_booking.minutes_of(db, body.minutes, body.service_code))
    wanted = msgspec.structs.asdict(body) | {
        "client_id": client,
        "ends_at": body.starts_at + length,
    }
    _booking.ensure_bookable(db, caller, wanted, now)
    made: UUID = db.one(_queries.CREATE, wanted)["id"]
    db.run(_queries.LEAVE_WAITLIST, wanted)
    db.emit("appointment.created", "appointment", made, appointment_id=made)
    db.audit("create", "appointment", made, client)
    return _booking.read(db, made)
