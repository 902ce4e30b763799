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
from readyctl.model.schema import Schema
from readyctl.workflows.expectation import built


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be held against what.

    The expected schema is that of the database `expected`, of the file `snapshot`, or of `source`.
    `live` and `expected` are connection strings, and never shown. `shadow` says where the files
    are applied, `migrator` who applies them to the live database, empty who has logged in.
    """

    live: str = field(repr=False)
    expected: str = field(default="", repr=False)
    snapshot: Path | None = None
    source: Source | None = None
    shadow: str = "embedded"
    migrator: str = ""
    ledger: str = LEDGER
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """An expected schema, in words where it is from, and how far it can be held to."""

    schema: Schema
    name: str
    scope: Scope
    migrations: dict[str, str] = field(default_factory=dict)


def read_live(asked: Asked, expected: Schema | None = None) -> Schema:
    """Return the live schema; the migrator has its own name where the expected side has none.

    Raises:
        MigrateError, SourceFailure: see `read_schema`.
    """
    aliased = not asked.expected if expected is None else bool(expected.migrator)
    return _read(asked.live, asked.migrator, aliased=aliased)


def read_expected(asked: Asked, say: Callable[[str], None]) -> Expectation:
    """Return the expected schema.

    Raises:
        MigrateError: it cannot be read or built; E0463, the snapshot is stale.
        LocalError: see `built`.
    """
    if asked.expected:
        return Expectation(_read(asked.expected), "another database", Scope())
    if asked.snapshot:
        return _kept(asked, asked.snapshot)
    if asked.source is None:
        raise ValueError("nothing says what is expected")
    found = built(asked.source, read_live(asked), asked.shadow, asked.live, say)
    name = f"{len(asked.source.migrations)} files of {asked.source.folder}"
    made = snapshot.digests(asked.source.migrations)
    return Expectation(found, name, Scope(throwaway=True), made)


def _kept(asked: Asked, path: Path) -> Expectation:
    kept = snapshot.load(path)
    snapshot.refuse_stale(kept, asked.source.migrations if asked.source else (), path)
    made = bool(kept.migrations)
    return Expectation(
        kept.schema, f"the snapshot {path.name}", Scope(throwaway=made, whole_cluster=not made)
    )


def _read(dsn: str, migrator: str = "", *, aliased: bool = False) -> Schema:
    session = DatabaseSession(dsn)
    try:
        return read_schema(session, (migrator or session.user) if aliased else "")
    finally:
        session.close()
