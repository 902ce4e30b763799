"""update-appointment: reschedules, cancels or edits an appointment."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

from msgspec import UNSET

from backend.functions.appointments import _booking, _queries
from backend.functions.appointments._types import Appointment, AppointmentChange, Cancellation
from backend.runtime.database import Row, Transaction
from backend.runtime.declaration import CLIENT_USER, EVERYBODY
from backend.runtime.endpoint import Caller, endpoint
from backend.runtime.fields import changed
from backend.runtime.problems import BadRequest, Conflict, Forbidden

_MOVABLE = ("scheduled", "confirmed")
_STAFF_ONLY = ("clinician_id", "service_code", "place_of_service")


@endpoint("update-appointment", "PUT /appointments/{id}", roles=EVERYBODY, scope=_booking.OWN)
def handler(
    caller: Caller, db: Transaction, id: UUID, body: AppointmentChange, now: datetime
) -> Appointment:
    """Change what the body names. Clients move and cancel; all else is for staff."""
    held = db.one(_queries.HOLD, {"id": id})
    if caller.role == CLIENT_USER and _for_staff(body):
        raise Forbidden("clients move and cancel their appointments, and no more")
    if body.status == "cancelled":
        if body.reason is UNSET:
            raise BadRequest("`reason` is missing in the body")
        _booking.cancel(db, held, Cancellation(body.version, body.reason), now)
        return _booking.read(db, id)
    wanted = changed(body) | {"id": id} | _place(held, body)
    moved = any(wanted[name] != held[name] for name in ("starts_at", "ends_at", "clinician_id"))
    if moved:
        if held["status"] not in _MOVABLE:
            raise Conflict("an appointment that began or ended does not move")
        _booking.ensure_bookable(db, caller, wanted, now, moved=id)
        db.run(_queries.VOID_LINKS, {"id": id})
        db.emit("appointment.moved", "appointment", id, appointment_id=id)
    db.run(_queries.UPDATE, wanted)
    db.audit("update", "appointment", id, held["client_id"])
    return _booking.read(db, id)


def _for_staff(body: AppointmentChange) -> bool:
    named = any(getattr(body, name) is not UNSET for name in _STAFF_ONLY)
    return named or body.status not in (UNSET, "cancelled")


def _place(held: Row, body: AppointmentChange) -> Row:
    starts = held["starts_at"] if body.starts_at is UNSET else body.starts_at
    length = held["ends_at"] - held["starts_at"]
    if body.minutes is not UNSET:
        length = timedelta(minutes=body.minutes)
    clinician = held["clinician_id"] if body.clinician_id is UNSET else body.clinician_id
    return {"starts_at": starts, "ends_at": starts + length, "clinician_id": clinician}
