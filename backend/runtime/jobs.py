"""Runs a function for schedules and events, which no person calls and nobody waits for.

A schedule runs once for each practice, each in a transaction of its own; an event belongs to one
practice and is carried out once, however often it is delivered. A failure is raised at the end, so
that Lambda delivers again or puts the event into the dead-letter queue; what was done before stays.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from time import monotonic
from typing import Any, LiteralString
from uuid import UUID

from backend.runtime import decoding, logs
from backend.runtime.database import Database, Transaction

Work = Callable[[Transaction, object], object]

_PRACTICES: LiteralString = "select id from practices order by id"
_FIRST: LiteralString = """
insert into consumed_events (function, event_id) values (%(function)s, %(event_id)s)
on conflict do nothing
returning event_id
"""


class JobFailed(Exception):
    """A job is to be delivered again. Lambda logs the text, so it says no more than how many."""


def scheduled(database: Database, function: str, request_id: str, work: Work) -> dict[str, int]:
    """Do the work for every practice; return for how many it was done.

    Raises:
        JobFailed: it failed for some of them; the others are done.
    """
    began = monotonic()
    with database.transaction({"request_id": request_id, "system": "true"}) as (db, _):
        practices = [str(row["id"]) for row in db.rows(_PRACTICES)]
    failed = 0
    for practice in practices:
        try:
            with database.transaction(_system(request_id, practice)) as (db, _):
                work(db, None)
        except Exception as error:  # noqa: BLE001
            # One practice's failure must not keep the others waiting.
            logs.crashed(function, request_id, error)
            failed += 1
    if failed:
        raise JobFailed(f"{function} failed for {failed} of {len(practices)} practices")
    return _done(function, request_id, began, practices=len(practices))


def consumed(
    database: Database, function: str, request_id: str, event: Mapping[str, Any], work: Work
) -> dict[str, int]:
    """Do the work for an event of the system's own, unless it was done before.

    Raises:
        JobFailed: it failed, or the event is not of the declared type.
    """
    began = monotonic()
    try:
        detail = event["detail"]
        # Published twice, an event has two ids of the bus, and one of the outbox.
        event_id = str(detail.get("event_id") or event["id"])
        practice = str(decoding.detail(detail["practice_id"], UUID))
        with database.transaction(_system(request_id, practice)) as (db, _):
            first = db.row(_FIRST, {"function": function, "event_id": event_id})
            if first:
                work(db, detail)
    except Exception as error:  # noqa: BLE001
        # Lambda would log the text of whatever is raised here, and it may quote a record.
        logs.crashed(function, request_id, error)
        raise JobFailed(f"{function} failed") from None
    return _done(function, request_id, began, events=1 if first else 0)


def _done(function: str, request_id: str, began: float, **done: int) -> dict[str, int]:
    logs.worked(function, request_id, int((monotonic() - began) * 1000), **done)
    return done


def _system(request_id: str, practice: str) -> dict[str, str]:
    return {"request_id": request_id, "practice_id": practice}
