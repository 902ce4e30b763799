"""A database with policies, right and wrong, and what tests them."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg import sql

from readyctl.clients.database import DatabaseSession
from readyctl.local.state import LocalState
from readyctl.migrate.rls import trial
from readyctl.migrate.rls.cases import read_cases
from readyctl.migrate.rls.probe import Limits
from readyctl.migrate.rls.trial import Wanted
from readyctl.model.rls import Command, RlsResult
from tests import databases

# Of two tenants; `reader` sees its own, as `app.tenant` says.
SCHEMA = """
create table notes (id int primary key, tenant text not null, body text);
alter table notes enable row level security;
create policy own on notes to {reader} using (tenant = current_setting('app.tenant', true));
grant select, insert, update, delete on notes to {reader};
insert into notes values (1, 'one', 'secret words'), (2, 'two', 'secret words');
"""


@dataclass
class Database:
    """A database of the test's own; `reader` is a role that is there for it alone."""

    dsn: str = field(repr=False)
    folder: Path
    reader: str
    owner: str

    def run(self, statement: str) -> None:
        """Run statements as the superuser; `{reader}` is the role's name."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(self._text(statement).encode())

    def rows(self, statement: str) -> list[Any]:
        """Rows as the superuser sees them."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(self._text(statement).encode()).fetchall()

    def write(self, text: str, name: str = "a.yaml") -> None:
        """Write a file of cases."""
        self.folder.mkdir(exist_ok=True)
        (self.folder / name).write_text(self._text(text), encoding="utf-8")

    def test(self, *, dsn: str = "", limits: Limits | None = None, **wanted: Any) -> RlsResult:
        """Test it, as the command does."""
        session = DatabaseSession(dsn or self.dsn)
        try:
            cases = read_cases(self.folder, self.folder.parent)
            return trial.run(
                session, cases, "readyctl", Wanted(**wanted), limits=limits or Limits()
            )
        finally:
            session.close()

    def reach(self, table: str, command: str, caller: str = "", **options: Any) -> str:
        """How far a caller, the reader unless named, reaches."""
        found = self.test(**options).matrix.of(table, caller or self.reader)
        return str(next(cell.reach for cell in found if cell.command is Command(command)))

    def rules(self, **options: Any) -> list[tuple[str, str]]:
        """The rules that are broken, and by what."""
        return [(flaw.rule, flaw.object) for flaw in self.test(**options).flaws]

    def _text(self, text: str) -> str:
        return text.replace("{reader}", self.reader).replace("{owner}", self.owner)


def _made(state: LocalState, folder: Path) -> Iterator[Database]:
    with databases.database(state) as dsn:
        names = [f"{kind}_{secrets.token_hex(4)}" for kind in ("reader", "owner")]
        found = Database(dsn, folder, *names)
        with psycopg.connect(dsn, autocommit=True) as connection:
            for name in names:
                connection.execute(sql.SQL("create role {}").format(sql.Identifier(name)))
            try:
                found.run(SCHEMA)
                yield found
            finally:
                for name in names:
                    drop = "drop owned by {0}; drop role {0}"
                    connection.execute(sql.SQL(drop).format(sql.Identifier(name)))


@pytest.fixture
def database(local_empty: LocalState, tmp_path: Path) -> Iterator[Database]:
    """A database with one table of two tenants, and a folder for cases."""
    yield from _made(local_empty, tmp_path / "rls")


@pytest.fixture
def old_database(fifteen: LocalState, tmp_path: Path) -> Iterator[Database]:
    """The same on the oldest server."""
    yield from _made(fifteen, tmp_path / "rls")
