"""cosignature-status-monitor: marks late co-signatures overdue and escalates them, every hour."""

from __future__ import annotations

from datetime import datetime

from backend.functions.notes import _queries
from backend.runtime.database import Transaction
from backend.runtime.endpoint import schedule


@schedule("cosignature-status-monitor", "rate(1 hour)")
def handler(db: Transaction, now: datetime) -> None:
    """Mark each note once, however often it runs; what was marked is escalated by its event."""
    for note in db.rows(_queries.MARK_OVERDUE, {"now": now}):
        db.emit("cosignature.changed", "note", note["id"], note_id=note["id"], state="overdue")
        db.audit("escalate", "note", note["id"], note["client_id"])
