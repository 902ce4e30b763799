"""cleanup-rate-limits: deletes expired rate-limit counters, and what else is kept for a while."""

from __future__ import annotations

from backend.functions.users import _queries
from backend.runtime.database import Transaction
from backend.runtime.endpoint import schedule


@schedule("cleanup-rate-limits", "cron(0 2 * * ? *)")
def handler(db: Transaction) -> None:
    """Delete counters, first answers, held slots and marks of events whose time is over."""
    db.run(_queries.DROP_RATE_LIMITS)
    db.run(_queries.DROP_ANSWERS)
    db.run(_queries.DROP_HOLDS)
    db.run(_queries.DROP_CONSUMED)
