"""The two sides of a comparison: the live database, and what it is expected to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from readyctl.clients.database import DatabaseSession
from readyctl.migrate.catalog.read import read_schema
from readyctl.migrate.parity import snapshot
from readyctl.migrate.parity.diff import Scope
from readyctl.migrate.parity.ignore import LEDGER
from readyctl.migrate.source import Source
from readyctl.model.expectation import Expectation
from readyctl.model.schema import Schema
from readyctl.workflows.expectation import NO_DATABASE, built


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be held against what.

    The expected schema is that of the database `expected`, of the file `snapshot`, or of `source`.
    `live` and `expected` are connection strings, and never shown; what files make can be read
    without a live one. `shadow` says where the files
    are applied, `migrator` who applies them to the live database, empty who has logged in.
    """

    live: str = field(repr=False)
    expected: str = field(default="", repr=False)
    snapshot: Path | None = None
    source: Source | None = None
    shadow: str = "embedded"
    migrator: str = ""
    ledger: str = LEDGER
    application_role: str = ""
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expected:
    """What is expected, and how far a database can be held to it."""

    what: Expectation
    scope: Scope


def read_live(asked: Asked, expected: Schema | None = None) -> Schema:
    """Return the live schema; the migrator has its own name where the expected side has none.

    Raises:
        MigrateError, SourceFailure: see `read_schema`.
    """
    aliased = not asked.expected if expected is None else bool(expected.migrator)
    return _read(asked.live, asked.migrator, aliased=aliased)


def read_expected(asked: Asked, say: Callable[[str], None]) -> Expected:
    """Return the expected schema.

    Raises:
        MigrateError: it cannot be read or built; E0463, the snapshot is stale.
        LocalError: see `built`.
    """
    if asked.expected:
        return Expected(Expectation(_read(asked.expected), "another database"), Scope())
    if asked.snapshot:
        return _kept(asked, asked.snapshot)
    if asked.source is None:
        raise ValueError("nothing says what is expected")
    live = read_live(asked) if asked.live else NO_DATABASE
    role = asked.application_role
    found = built(asked.source, live, asked.shadow, asked.live, say, application_role=role)
    return Expected(found, Scope(throwaway=True))


def _kept(asked: Asked, path: Path) -> Expected:
    kept = snapshot.load(path)
    snapshot.refuse_stale(kept, asked.source.migrations if asked.source else (), path)
    made = bool(kept.migrations)
    found = snapshot.expectation(kept, f"the snapshot {path.name}")
    return Expected(found, Scope(throwaway=made, whole_cluster=not made))


def _read(dsn: str, migrator: str = "", *, aliased: bool = False) -> Schema:
    session = DatabaseSession(dsn)
    try:
        return read_schema(session, (migrator or session.user) if aliased else "")
    finally:
        session.close()
