"""Where an audit has the live and the expected schema from: the least work that is sure."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from readyctl import __version__
from readyctl.clients.failures import SourceFailure
from readyctl.clients.files import write_text
from readyctl.config.environment import Settings
from readyctl.gather.schemas import Schemas
from readyctl.migrate.catalog.read import read_schema
from readyctl.migrate.ledger import owner_of
from readyctl.migrate.parity import snapshot
from readyctl.model.expectation import Expectation
from readyctl.model.schema import Schema
from readyctl.report.words import plural
from readyctl.workflows.databases import open_reading

if TYPE_CHECKING:
    from readyctl.migrate.source import Source


def schemas_of(settings: Settings) -> Schemas:
    """Return the schemas of an environment; nothing is read before it is asked for."""
    schemas: Schemas

    def expected() -> Expectation:
        return _expected(settings, schemas.live)

    schemas = Schemas(lambda: _live(settings), expected)
    return schemas


def _live(settings: Settings) -> Schema:
    session = open_reading(settings)
    try:
        return read_schema(session, owner_of(session, settings.environment.database.ledger))
    finally:
        session.close()


def _expected(settings: Settings, live: Callable[[], Schema]) -> Expectation:
    kept = snapshot.load(settings.snapshot) if settings.snapshot.is_file() else None
    name = f"the snapshot {settings.snapshot.name}"
    if kept and snapshot.holds(kept, settings.migrations):
        return snapshot.expectation(kept, name)
    # Only now: PostgreSQL's grammar takes memory that most audits do without.
    from readyctl.migrate.source import read_folder

    source = read_folder(settings.migrations)
    # One that was recorded of a database says nothing about these files.
    if kept and kept.migrations and not snapshot.stale(kept, source.migrations):
        return snapshot.expectation(kept, name)
    return _built(settings, source, live)


def _built(settings: Settings, source: Source, live: Callable[[], Schema]) -> Expectation:
    from readyctl.workflows.expectation import NO_DATABASE, built, linted

    try:
        beside = live()
    except SourceFailure:
        # What the files make does not depend on the database; only the names of some roles do.
        beside = NO_DATABASE
    cache = _cache(settings, source, beside)
    where = f"{plural(len(source.migrations), 'file')}, applied to an empty database"
    if cache.is_file():
        return snapshot.expectation(snapshot.load(cache), where)
    role = settings.environment.database.application_role
    found = built(source, beside, "embedded", "", lambda _: None, application_role=role)
    write_text(settings.root / ".readyctl" / ".gitignore", "*\n")
    found = replace(found, source=where, examined=(*found.examined, linted(source)))
    made = snapshot.dump(found.schema, source.migrations, found.examined)
    write_text(cache, made, mode=0o600)
    return found


def _cache(settings: Settings, source: Source, live: Schema) -> Path:
    parts = [__version__, live.database, live.migrator]
    parts += [migration.sha256 for migration in source.migrations]
    key = hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
    return settings.root / ".readyctl" / "expected" / f"{key}.json"
