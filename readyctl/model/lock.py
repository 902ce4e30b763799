"""Which locks a statement really took on what was there before its file ran."""

from __future__ import annotations

from dataclasses import dataclass

# From the weakest to the strongest, as pg_locks names them.
MODES = (
    "AccessShareLock",
    "RowShareLock",
    "RowExclusiveLock",
    "ShareUpdateExclusiveLock",
    "ShareLock",
    "ShareRowExclusiveLock",
    "ExclusiveLock",
    "AccessExclusiveLock",
)


@dataclass(frozen=True, slots=True)
class TakenLock:
    """The strongest lock that one statement added on a relation, and what it keeps waiting.

    `mode` is as pg_locks names it; empty where the statement runs in no transaction, so that its
    locks are gone before they can be read: it is listed, and not known.
    """

    file: str
    line: int
    column: int
    statement: str
    relation: str
    mode: str

    @property
    def blocks(self) -> str:
        """What waits meanwhile: `reads`, `writes`, `changes of the schema`, or `unknown`."""
        if not self.mode:
            return "unknown"
        rank = MODES.index(self.mode)
        if rank == len(MODES) - 1:
            return "reads"
        return "writes" if rank >= MODES.index("ShareLock") else "changes of the schema"
