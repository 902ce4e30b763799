"""Databases to examine, on the newest and on the oldest server."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import psycopg
import pytest

from readyctl.clients.database import DatabaseSession
from readyctl.local.state import LocalState
from readyctl.migrate.examine.catalog import Catalog, read_catalog
from readyctl.migrate.parsing import parse
from readyctl.model.migration import Migration
from tests import databases


@dataclass
class Shadow:
    """A database of the test's own."""

    dsn: str = field(repr=False)
    session: DatabaseSession = field(repr=False)

    def run(self, statements: str) -> None:
        """Run statements as the superuser."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            connection.execute(statements.encode())

    def rows(self, statement: str) -> list[tuple[object, ...]]:
        """Return rows as the superuser sees them."""
        with psycopg.connect(self.dsn) as connection:
            return connection.execute(statement.encode()).fetchall()

    @contextmanager
    def having(self, statements: str, drop: str) -> Iterator[Catalog]:
        """Yield the catalog while there is what `statements` make; `drop` removes it."""
        self.run(statements)
        try:
            yield self.catalog()
        finally:
            self.run(drop)

    def catalog(self) -> Catalog:
        """Read the catalog."""
        return read_catalog(self.session)


@contextmanager
def shadow_on(state: LocalState) -> Iterator[Shadow]:
    """Make a database on a server."""
    with databases.database(state) as dsn:
        session = DatabaseSession(dsn)
        try:
            yield Shadow(dsn, session)
        finally:
            session.close()


@pytest.fixture
def shadow(local_empty: LocalState) -> Iterator[Shadow]:
    """An empty database."""
    with shadow_on(local_empty) as found:
        yield found


def migration(text: str, file: str = "1_a.sql") -> Migration:
    """A migration of a text."""
    return Migration(file.split("_", maxsplit=1)[0], "", file, text, "", "", parse(text, file))
