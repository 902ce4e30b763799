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
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.planner import Plan
from readyctl.migrate.runner import Limits, Runner, Watching
from readyctl.migrate.source import Source, read_folder
from readyctl.migrate.survey import Found, survey
from readyctl.workflows.databases import open_owner
from readyctl.workflows.here import running


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
    return survey(source, session, Ledger(session, settings.environment.database.ledger))


@dataclass(frozen=True, slots=True)
class Asked:
    """What an apply is to do: the plan that somebody has seen, of which files, and how."""

    seen: Plan
    source: Source
    limits: Limits
    allow_late: bool = False


def apply(settings: Settings, asked: Asked, session: DatabaseSession, watching: Watching) -> int:
    """Apply what is pending of a plan that somebody has seen; return how many files were.

    A rival may have applied some of it meanwhile: what the ledger then has is left out, and what
    it makes wrong is refused.

    Raises:
        MigrateError: see `Runner.apply`, `guard.lock`, `planner.refuse`.
    """
    ledger = Ledger(session, settings.environment.database.ledger)
    guard.lock(session, ledger.table, wait_seconds=10, sleep=sleep, waiting=watching.waits)
    ledger.make(_readers(settings))
    fresh = planner.plan(asked.source.migrations, ledger.entries())
    planner.refuse(planner.only(fresh, asked.seen), allow_late=asked.allow_late)
    rows = planner.only(fresh, asked.seen).pending
    return Runner(session, ledger, watching, asked.limits).apply(rows)


def _readers(settings: Settings) -> tuple[str, ...]:
    local = settings.environment.provider == "local"
    return (running(settings.root).auditor.user,) if local else ()
