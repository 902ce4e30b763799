"""Reads migrations and ledger, and brings the database to what the files say."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from time import sleep

from readyctl.clients.database import DatabaseSession
from readyctl.config.environment import Settings
from readyctl.migrate import guard, planner
from readyctl.migrate.ledger import Ledger, Other
from readyctl.migrate.planner import Plan
from readyctl.migrate.runner import Limits, Runner, Watching
from readyctl.migrate.source import Source, read_folder
from readyctl.workflows.connect import open_owner
from readyctl.workflows.here import running


@dataclass(frozen=True, slots=True)
class Found:
    """A folder, a database, and what has become of each migration."""

    source: Source
    plan: Plan
    others: tuple[Other, ...]
    server: int
    table: str


@contextmanager
def opened(settings: Settings) -> Iterator[tuple[DatabaseSession, Ledger]]:
    """Open the database as its owner, and close it in the end."""
    session = open_owner(settings)
    try:
        yield session, Ledger(session, settings.environment.database.ledger)
    finally:
        session.close()


def look(settings: Settings, folder: Path | None, session: DatabaseSession) -> Found:
    """Return what has become of each migration; nothing is changed.

    Raises:
        MigrateError: folder, server or ledger cannot be read.
    """
    source = read_folder(folder or settings.migrations)
    ledger = Ledger(session, settings.environment.database.ledger)
    server = guard.check_server(session)
    found = planner.plan(source.migrations, ledger.entries())
    return Found(source, found, ledger.others(), server, f"{ledger.schema}.{ledger.name}")


def apply(
    settings: Settings,
    asked: Plan,
    session: DatabaseSession,
    watching: Watching,
    limits: Limits,
) -> int:
    """Apply what is pending of a plan that somebody has seen; return how many files were.

    A rival may have applied some of it meanwhile: what the ledger then has is left out.

    Raises:
        MigrateError: see `Runner.apply`, `guard.lock`.
    """
    ledger = Ledger(session, settings.environment.database.ledger)
    guard.lock(session, ledger.table, wait_seconds=10, sleep=sleep, waiting=watching.waits)
    ledger.make(_readers(settings))
    files = [row.migration for row in asked.rows if row.migration]
    wanted = {row.version for row in asked.pending}
    fresh = planner.plan(files, ledger.entries())
    rows = [row for row in fresh.pending if row.version in wanted]
    return Runner(session, ledger, watching, limits).apply(rows)


def _readers(settings: Settings) -> tuple[str, ...]:
    local = settings.environment.provider == "local"
    return (running(settings.root).auditor.user,) if local else ()
