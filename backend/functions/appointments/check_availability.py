"""check-availability: lists free slots of a clinician by schedule, exceptions and bookings."""

from __future__ import annotations

from datetime import datetime, timedelta

import msgspec

from backend.functions.appointments import _booking, _queries, _slots
from backend.functions.appointments._types import Availability, AvailabilityAsked
from backend.runtime.database import Row, Transaction
from backend.runtime.declaration import EVERYBODY
from backend.runtime.endpoint import endpoint
from backend.runtime.problems import BadRequest

_LONGEST = timedelta(days=31)


@endpoint("check-availability", "GET /appointments/availability", roles=EVERYBODY)
def handler(db: Transaction, query: AvailabilityAsked, now: datetime) -> Availability:
    """Return the slots that can be booked from now on; of what fills the others nothing is said."""
    if not timedelta(0) < query.until - query.since <= _LONGEST:
        raise BadRequest("`to` is not after `from`, or more than 31 days after it")
    given = msgspec.structs.asdict(query) | {"moved": None}
    db.one(_queries.CLINICIAN, given)
    length = timedelta(minutes=_booking.minutes_of(db, query.minutes, None))
    worked = [_within(row, query) for row in db.rows(_queries.WORKED, given)]
    busy = [(row["starts_at"], row["ends_at"]) for row in db.rows(_queries.BUSY, given)]
    spans = [(starts, ends) for starts, ends in worked if starts < ends]
    return Availability(_slots.free_slots(spans, busy, length, now))


def _within(row: Row, query: AvailabilityAsked) -> tuple[datetime, datetime]:
    return max(row["starts_at"], query.since), min(row["ends_at"], query.until)
