"""A transaction in which anything may be tried, because it is always rolled back."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from readyctl.clients.database import ConnectionLost, DatabaseSession, Refused

_LOCK_MS = 2_000
_STATEMENT_MS = 60_000


@contextmanager
def rolled_back(session: DatabaseSession, *settings: str) -> Iterator[None]:
    """Begin a transaction, and roll it back whatever happens; `settings` are SQL for its start.

    Raises:
        Refused, SourceFailure, ConnectionLost: see `DatabaseSession.query`.
    """
    session.script(
        f"begin; set local lock_timeout = {_LOCK_MS}; set local statement_timeout ="
        f" {_STATEMENT_MS}; set local jit = off; {' '.join(settings)}"
    )
    try:
        yield
    finally:
        try:
            session.script("rollback")
        except (Refused, ConnectionLost):
            # A session that is gone has rolled back.
            session.close()
