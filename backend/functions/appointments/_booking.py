"""The rules of booking, which create, update and cancel share."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import msgspec

from backend.functions.appointments import _queries, _slots
from backend.functions.appointments._types import Appointment, Cancellation, Participant
from backend.runtime.database import Row, Transaction
from backend.runtime.declaration import CLIENT_USER
from backend.runtime.endpoint import Caller
from backend.runtime.problems import BadRequest, Conflict

OWN = "a client_user only for their own appointments"
_DAY = timedelta(days=1)


def read(db: Transaction, id: UUID) -> Appointment:
    """Return an appointment with who comes to it.

    Raises:
        NotFound: there is none that the caller sees.
    """
    found = msgspec.convert(db.one(_queries.GET, {"id": id}), Appointment)
    if found.telehealth_session_id:
        found.telehealth_path = f"/telehealth/sessions/{found.telehealth_session_id}"
    people = db.rows(_queries.PARTICIPANTS, {"id": id})
    found.participants = msgspec.convert(people, list[Participant])
    return found


def client_of(db: Transaction, caller: Caller, given: UUID | None) -> UUID:
    """Return whom a booking is for: the client named, or the one who calls.

    Raises:
        BadRequest: a member of staff names nobody.
        NotFound: the caller does not see the client; clients see no other than themselves.
    """
    if given is None and caller.role != CLIENT_USER:
        raise BadRequest("`client_id` is missing in the body")
    found: UUID = db.one(_queries.CLIENT, {"client_id": given})["id"]
    return found


def minutes_of(db: Transaction, minutes: int | None, service_code: str | None) -> int:
    """Return how long an appointment lasts: as asked, as its service, or as the practice's slots.

    Raises:
        NotFound: there is no such service.
    """
    service = db.one(_queries.SERVICE, {"service_code": service_code}) if service_code else None
    if minutes:
        return minutes
    return int(service["minutes"] if service else db.one(_queries.SETTINGS)["slot_minutes"])


def ensure_bookable(
    db: Transaction, caller: Caller, wanted: Row, now: datetime, moved: UUID | None = None
) -> None:
    """Stop unless the clinician can be booked at the time that is wanted.

    Clients book what availability shows them: hours that are worked, from now on, in slots of the
    practice's length. Staff may book beside the usual hours.

    Raises:
        NotFound: there is no such clinician.
        Conflict: the clinician is away, booked, or the slot is not one for clients.
    """
    db.one(_queries.CLINICIAN, wanted)
    starts, ends = wanted["starts_at"], wanted["ends_at"]
    span = {"clinician_id": wanted["clinician_id"], "since": starts, "until": ends, "moved": moved}
    busy = db.rows(_queries.BUSY, span)
    if busy:
        raise Conflict("the clinician cannot be booked at that time")
    if caller.role == CLIENT_USER:
        worked = db.rows(_queries.WORKED, span | {"since": starts - _DAY, "until": ends + _DAY})
        length = timedelta(minutes=db.one(_queries.SETTINGS)["slot_minutes"])
        offered = _slots.fits((starts, ends), [tuple(row.values()) for row in worked], ())
        if starts < now or ends - starts != length or not offered:
            raise Conflict("the time is none of those that are offered")


def cancel(db: Transaction, held: Row, wanted: Cancellation, now: datetime) -> None:
    """Cancel an appointment, note whether that is late, and offer its slot to who waits.

    Raises:
        Conflict: it is over or cancelled, or somebody else changed it.
    """
    notice = timedelta(hours=db.one(_queries.SETTINGS)["late_cancellation_hours"])
    late = held["starts_at"] - now < notice
    given = msgspec.structs.asdict(wanted) | {"id": held["id"], "now": now, "late": late}
    db.run(_queries.CANCEL, given)
    db.run(_queries.VOID_LINKS, given)
    if held["starts_at"] > now:
        entry = db.one(_queries.OFFER, held)["entry_id"]
        if entry:
            db.emit("waitlist.offered", "waitlist_entry", entry, entry_id=entry)
    db.emit("appointment.cancelled", "appointment", held["id"], appointment_id=held["id"])
    db.audit("cancel", "appointment", held["id"], held["client_id"])
