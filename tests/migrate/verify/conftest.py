"""The base schema on a server, and a way to read it amid a transaction that changes it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict

from readyctl.clients.database import Answer
from readyctl.local.state import LocalState
from readyctl.migrate.catalog import read
from readyctl.migrate.parity.diff import Comparison, Scope, compare
from readyctl.model.schema import Schema
from tests import databases

BASE = Path(__file__).parent / "base.sql"
ROLES = ("rv_owner", "rv_reader", "rv_writer")


@dataclass
class Base:
    """A database with the base schema."""

    dsn: str = field(repr=False)

    @property
    def names(self) -> Mapping[str, str]:
        """What a test puts into its statements."""
        given = conninfo_to_dict(self.dsn)
        return {"database": str(given["dbname"]), "admin": str(given["user"])}

    def written(self, text: str) -> str:
        """Return a text with the names of this database."""
        for name, value in self.names.items():
            text = text.replace(f"{{{name}}}", value)
        return text

    @contextmanager
    def changed(self, statements: str) -> Iterator[psycopg.Connection]:
        """Run statements in a transaction that is rolled back in the end."""
        with psycopg.connect(self.dsn) as connection:
            try:
                connection.execute(self.written(statements).encode())
                yield connection
            finally:
                connection.rollback()


def schema_within(connection: psycopg.Connection) -> Schema:
    """Read the schema as this transaction sees it."""
    connection.execute(f"savepoint before; {read.PREAMBLE}".encode())
    texts = read.statements(connection.info.server_version)
    cursor = connection.execute(";\n".join(texts).encode())
    answers = []
    while True:
        columns = tuple(column.name for column in cursor.description or ())
        answers.append(Answer(columns, cursor.fetchall()))
        if not cursor.nextset():
            break
    connection.execute("rollback to before")
    return read.joined(answers)


def named(comparison: Comparison) -> set[str]:
    """Return the kind and the name of everything that differs."""
    return {f"{found.kind} {found.object}" for found in comparison.differences}


def whole(expected: Schema, live: Schema) -> Comparison:
    """Compare everything, as with a recorded snapshot of the cluster."""
    return compare(expected, live, Scope(whole_cluster=True))


@contextmanager
def based(state: LocalState) -> Iterator[Base]:
    """Make the roles and the base schema on a server, and remove them in the end."""
    roles = ", ".join(ROLES)
    with databases.database(state) as dsn:
        with psycopg.connect(dsn, autocommit=True) as connection:
            for role in ROLES:
                connection.execute(f"create role {role}".encode())
            connection.execute(BASE.read_bytes())
        try:
            yield Base(dsn)
        finally:
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute(b"alter subscription rv_feed disable")
                connection.execute(b"drop subscription rv_feed")
                connection.execute(f"drop owned by {roles} cascade; drop role {roles}".encode())


@pytest.fixture(scope="package")
def base(local_empty: LocalState) -> Iterator[Base]:
    """The base schema; leave it as it is."""
    with based(local_empty) as made:
        yield made


@pytest.fixture(scope="package")
def expected(base: Base) -> Schema:
    """The base schema as it is."""
    with base.changed("select 1") as connection:
        return schema_within(connection)
