"""health-check: says whether the backend can reach its database."""

from __future__ import annotations

from typing import LiteralString

import msgspec

from backend.runtime.database import Transaction
from backend.runtime.endpoint import endpoint

_ALIVE: LiteralString = "select 1 as alive"


class Health(msgspec.Struct):
    """What answers. An outage is the 503 of any function, and so of this one."""

    database: str


@endpoint(
    "health-check",
    "GET /health",
    public=True,
    scope="anybody; the answer names no version and no address",
)
def handler(db: Transaction) -> Health:
    """Return what answers; public, so it says nothing else."""
    db.row(_ALIVE)
    return Health(database="up")
