"""Marks migrations as applied that were there before readyctl was, and makes new files."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import datetime
from pathlib import Path
from time import sleep

from readyctl.clients.database import DatabaseSession
from readyctl.clients.files import write_text
from readyctl.config.environment import Settings
from readyctl.errors import MigrateError
from readyctl.migrate import guard
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.others import Other, taken_over
from readyctl.migrate.planner import Plan, Row, until

_NAME = re.compile(r"[a-z0-9]+(_[a-z0-9]+)*")


def chosen(found: Plan, version: str, others: Sequence[Other]) -> tuple[Row, ...]:
    """Return the pending migrations up to a version, or those in another tool's ledger.

    Raises:
        MigrateError: E0424, no file has the version; E0435, there is nothing to mark; E0438, no
            ledger says what was applied.
    """
    if not version:
        return taken_over(found.pending, others)
    rows = until(found, version).pending
    if not rows:
        raise MigrateError(
            "E0435",
            "there is nothing to mark",
            cause="no pending migration is meant",
            hint="`readyctl migrate status` lists what is pending",
        )
    return rows


def mark(settings: Settings, rows: Sequence[Row], session: DatabaseSession) -> None:
    """Write migrations into the ledger as applied, without running them, all or none."""
    ledger = Ledger(session, settings.environment.database.ledger)
    guard.lock(session, ledger.table, wait_seconds=10, sleep=sleep, waiting=lambda _: None)
    ledger.make()
    entries = [
        ledger.record(row.migration, "baseline", len(row.migration.statements), "0")
        for row in rows
        if row.migration
    ]
    session.script("; ".join(entries))


def new(folder: Path, name: str, now: datetime) -> Path:
    """Make an empty migration, named after the present second; return its path.

    Raises:
        MigrateError: E0436, the name cannot be one, or the file is there.
    """
    path = folder / f"{now:%Y%m%d%H%M%S}_{name}.sql"
    if not _NAME.fullmatch(name) or path.exists():
        raise MigrateError(
            "E0436",
            f"a migration cannot be called {name}",
            cause="the file is there already" if path.exists() else "",
            where=str(path.parent),
            hint="use lower case letters, digits and single underscores: add_rooms",
        )
    write_text(path, f"-- {name.replace('_', ' ').capitalize()}.\n\n")
    return path
