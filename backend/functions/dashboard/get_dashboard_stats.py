"""get-dashboard-stats: counts clients, sessions, notes and tasks for the landing page."""

from __future__ import annotations

from datetime import datetime

import msgspec

from backend.functions.dashboard import _queries
from backend.runtime.database import Transaction
from backend.runtime.declaration import CLINICIANS, STAFF
from backend.runtime.endpoint import Caller, endpoint


class DashboardStats(msgspec.Struct):
    """Counts of what the caller may see; a day is one of the practice's time zone.

    Appointments of clinicians are their own. The next week is the seven days after today.
    """

    clients_active: int
    appointments_today: int
    appointments_next_week: int
    sessions_open: int
    notes_open: int
    notes_overdue: int
    cosignatures_pending: int
    tasks_open: int
    tasks_overdue: int


@endpoint(
    "get-dashboard-stats",
    "GET /dashboard/stats",
    roles=STAFF,
    scope="counts cover only what the caller may see",
)
def handler(caller: Caller, db: Transaction, now: datetime) -> DashboardStats:
    """Return the counts; no record is shown, so no client is named in the audit row."""
    row = db.one(_queries.STATS, {"now": now, "own": caller.role in CLINICIANS})
    db.audit("read", "dashboard", None)
    return msgspec.convert(row, DashboardStats)
