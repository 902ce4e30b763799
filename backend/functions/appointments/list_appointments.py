"""list-appointments: lists appointments by clinician, client, day range and status."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from backend.functions.appointments import _booking, _queries
from backend.functions.appointments._types import AppointmentFilter, AppointmentListed
from backend.runtime import pages
from backend.runtime.database import Transaction
from backend.runtime.declaration import EVERYBODY
from backend.runtime.endpoint import endpoint
from backend.runtime.pages import Page


@endpoint("list-appointments", "GET /appointments", roles=EVERYBODY, scope=_booking.OWN)
def handler(db: Transaction, query: AppointmentFilter) -> Page[AppointmentListed]:
    """Return a page of appointments, the earliest first."""
    at, after = pages.after(query.cursor, datetime, UUID) or pages.OLDEST
    given = msgspec.structs.asdict(query) | {"at": at, "after": after, "limit": query.limit + 1}
    rows = db.rows(_queries.LIST, given)
    db.audit("read", "appointments", None, query.client_id if rows else None)
    return pages.page(rows, query.limit, AppointmentListed, "starts_at", "id")
