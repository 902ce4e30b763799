"""Holds a live database against what it is expected to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from pathlib import Path

from readyctl.clients.database import DatabaseSession
from readyctl.clients.files import write_text
from readyctl.migrate.catalog.read import read_schema
from readyctl.migrate.parity import snapshot
from readyctl.migrate.parity.diff import Comparison, Scope, compare
from readyctl.migrate.parity.ignore import LEDGER, without
from readyctl.migrate.parity.repair import repaired
from readyctl.migrate.source import Source
from readyctl.model.flaw import Flaw
from readyctl.model.schema import Schema
from readyctl.workflows.expectation import built


@dataclass(frozen=True, slots=True)
class Asked:
    """What is to be held against what; connection strings, which are never shown."""

    live: str = field(repr=False)
    expected: str = field(default="", repr=False)
    snapshot: Path | None = None
    source: Source | None = None
    shadow: str = "embedded"
    migrator: str = ""
    ledger: str = LEDGER
    ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Verified:
    """What was found. `flaws` are what is wrong with a schema that is as expected."""

    expectation: str
    expected: Schema
    live: Schema
    comparison: Comparison
    flaws: tuple[Flaw, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing differs and nothing is wrong."""
        return not self.comparison.differences and not self.flaws


def verify(asked: Asked, say: Callable[[str], None]) -> Verified:
    """Return in what the live database differs from the expected one.

    Raises:
        MigrateError: a side cannot be read or built; E0463, the snapshot is stale.
    """
    # Between two databases roles keep their names; who applies the files may have another.
    apart = not asked.expected
    live = _read(asked.live, asked.migrator, aliased=apart)
    expected, scope, name = _expected(asked, live, say)
    if not expected.migrator and live.migrator:
        live = _read(asked.live)
    patterns = asked.ignore
    one, other = (without(side, patterns, asked.ledger) for side in (expected, live))
    comparison = compare(one, other, scope)
    shown = tuple(repaired(d, one, other) for d in comparison.differences)
    return Verified(name, one, other, replace(comparison, differences=shown))


def record(asked: Asked, path: Path, say: Callable[[str], None]) -> Schema:
    """Write the expected schema to a file, and return it."""
    if asked.expected:
        found, made = _read(asked.expected), {}
    else:
        live = _read(asked.live, asked.migrator, aliased=True)
        found, _, _ = _expected(replace(asked, snapshot=None), live, say)
        made = snapshot.digests(asked.source.migrations) if asked.source else {}
    kept = without(found, asked.ignore, asked.ledger)
    write_text(path, snapshot.dump(kept, made))
    return kept


def _expected(asked: Asked, live: Schema, say: Callable[[str], None]) -> tuple[Schema, Scope, str]:
    if asked.expected:
        return _read(asked.expected), Scope(), "another database"
    if asked.snapshot:
        kept = snapshot.load(asked.snapshot)
        snapshot.refuse_stale(kept, asked.source.migrations if asked.source else (), asked.snapshot)
        made = bool(kept.migrations)
        scope = Scope(throwaway=made, whole_cluster=not made)
        return kept.schema, scope, f"the snapshot {asked.snapshot.name}"
    assert asked.source is not None
    found = built(asked.source, live, asked.shadow, asked.live, say)
    count = len(asked.source.migrations)
    return found, Scope(throwaway=True), f"{count} files of {asked.source.folder}"


def _read(dsn: str, migrator: str = "", *, aliased: bool = False) -> Schema:
    session = DatabaseSession(dsn)
    try:
        return read_schema(session, (migrator or session.user) if aliased else "")
    finally:
        session.close()
