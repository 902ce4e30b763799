"""Counts calls in the database, so that every container counts the same ones."""

from __future__ import annotations

import hashlib
from typing import LiteralString

from backend.runtime.database import Database
from backend.runtime.declaration import RateLimit
from backend.runtime.problems import TooManyRequests

_TAKE: LiteralString = "select app.take_rate_limit(%(key)s, %(calls)s, %(seconds)s) as wait"


def take(database: Database, limit: RateLimit, function: str, who: str, request_id: str) -> None:
    """Count a call of `who`, in a transaction of its own: a call that fails counts too.

    The key is a digest, so that no address is stored.

    Raises:
        TooManyRequests: there were too many; says after how many seconds there may be another.
    """
    key = hashlib.sha256(f"{function}\n{who}".encode(errors="replace")).hexdigest()
    row = {"key": key, "calls": limit.calls, "seconds": limit.seconds}
    with database.transaction({"request_id": request_id}) as (db, _):
        found = db.row(_TAKE, row)
    wait = found["wait"] if found else 0
    if wait:
        raise TooManyRequests(wait)
