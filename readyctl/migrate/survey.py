"""Looks at a folder and a database: what has become of each migration, and what forbids more."""

from __future__ import annotations

from dataclasses import dataclass

from readyctl.clients.database import DatabaseSession
from readyctl.migrate import guard, planner
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.others import Other, others, refuse_others
from readyctl.migrate.planner import Plan
from readyctl.migrate.source import Source


@dataclass(frozen=True, slots=True)
class Found:
    """A folder, a database, and what has become of each migration."""

    source: Source
    plan: Plan
    others: tuple[Other, ...]
    server: int
    table: str

    def refuse(self, wanted: Plan, *, allow_late: bool) -> None:
        """Stop where to apply `wanted` would make it worse.

        Raises:
            MigrateError: see `planner.refuse` and `others.refuse_others`.
        """
        planner.refuse(wanted, allow_late=allow_late)
        if not any(row.entry for row in self.plan.rows):
            refuse_others(self.others)


def survey(source: Source, session: DatabaseSession, ledger: Ledger) -> Found:
    """Return what has become of each migration; nothing is changed.

    Raises:
        MigrateError: server or ledger cannot be read.
    """
    server = guard.check_server(session)
    found = planner.plan(source.migrations, ledger.entries())
    table = f"{ledger.schema}.{ledger.name}"
    return Found(source, found, others(session, ledger), server, table)
