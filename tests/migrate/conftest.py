"""A database of its own for a test, a folder of migrations, and what applies them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest

from readyctl.clients.database import DatabaseSession, Holder
from readyctl.errors import MigrateError
from readyctl.local.state import LocalState
from readyctl.migrate import guard, planner
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.others import others, refuse_others
from readyctl.migrate.planner import Plan, Row
from readyctl.migrate.runner import Limits, Runner
from readyctl.migrate.source import read_folder
from tests import databases

TABLE = "readyctl.migrations"


@dataclass
class Seen:
    """What an apply tells people; `pause` is set free when somebody holds a lock."""

    retried: int = 0
    holders: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    waiting: threading.Event = field(default_factory=threading.Event)

    def began(self, row: Row, number: int, total: int) -> None:
        """A file begins."""

    def waits(self, holders: Sequence[Holder]) -> None:
        """Somebody holds a lock."""
        self.holders += [holder.program for holder in holders]
        self.waiting.set()

    def retries(self, row: Row, attempt: int, holders: Sequence[Holder]) -> None:  # noqa: ARG002
        """It is tried again."""
        self.retried += 1

    def ended(self, row: Row, seconds: float, notices: Sequence[str]) -> None:  # noqa: ARG002
        """A file is applied."""
        self.notices += notices


@dataclass
class Target:
    """A folder and a database."""

    folder: Path
    dsn: str = field(repr=False)
    seen: Seen = field(default_factory=Seen)

    def write(self, **files: str) -> None:
        """Write migrations; `a1_x` is the file `1_x.sql`."""
        for name, text in files.items():
            (self.folder / f"{name.lstrip('a')}.sql").write_text(text, encoding="utf-8")

    def plan(self) -> Plan:
        """What has become of each migration."""
        session = DatabaseSession(self.dsn)
        try:
            entries = Ledger(session, TABLE).entries()
            return planner.plan(read_folder(self.folder).migrations, entries)
        finally:
            session.close()

    def states(self) -> dict[str, str]:
        """The state of each version."""
        return {row.version: str(row.state) for row in self.plan().rows}

    def apply(
        self, *, allow_late: bool = False, limits: Limits | None = None, wait: float = 0.0
    ) -> int:
        """Apply what is pending, as the command does; return how many files were."""
        session = DatabaseSession(self.dsn)
        try:
            guard.check_server(session)
            ledger = Ledger(session, TABLE)
            guard.lock(
                session,
                TABLE,
                wait_seconds=wait,
                sleep=_pause,
                waiting=self.seen.waits,
            )
            ledger.make()
            found = planner.plan(read_folder(self.folder).migrations, ledger.entries())
            planner.refuse(found, allow_late=allow_late)
            if not any(row.entry for row in found.rows):
                refuse_others(others(session, ledger))
            runner = Runner(session, ledger, self.seen, limits or Limits(), pause=lambda _: None)
            return runner.apply(found.pending)
        finally:
            session.close()

    def refused(self, **options: Any) -> MigrateError:
        """The error that an apply ends with."""
        with pytest.raises(MigrateError) as caught:
            self.apply(**options)
        return caught.value

    def rows(self, statement: str) -> list[Any]:
        """Rows as the superuser sees them."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(statement.encode()).fetchall()

    def run(self, statement: str) -> None:
        """Run statements as the superuser."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statement.encode())

    def exists(self, relation: str) -> bool:
        """Whether there is a relation."""
        return bool(self.rows(f"select 1 where to_regclass('{relation}') is not null"))


def _pause(seconds: float) -> None:
    threading.Event().wait(seconds)


@pytest.fixture
def target(local_empty: LocalState, tmp_path: Path) -> Iterator[Target]:
    """An empty folder, and an empty database."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    with databases.database(local_empty) as dsn:
        yield Target(folder, dsn)
