"""Schemas for tests of what compares them: none at all, or a database and the bundled snapshot."""

from __future__ import annotations

from readyctl.clients.database import DatabaseSession
from readyctl.clients.failures import SourceFailure
from readyctl.gather.schemas import Schemas
from readyctl.migrate.catalog.read import read_schema
from readyctl.migrate.parity import snapshot
from readyctl.model.expectation import Expectation
from readyctl.model.fact import Reason
from readyctl.model.schema import Schema
from readyctl.resources import bundled


def no_schemas() -> Schemas:
    """Schemas that cannot be read."""

    def refuse() -> Schema:
        raise SourceFailure(Reason.NOT_CONFIGURED, "no database")

    return Schemas(refuse, lambda: Expectation(refuse(), ""))


def bundled_schemas(dsn: str, migrator: str) -> Schemas:
    """A database, and what the bundled migrations make."""

    def live() -> Schema:
        session = DatabaseSession(dsn)
        try:
            return read_schema(session, migrator)
        finally:
            session.close()

    kept = snapshot.load(bundled("backend", "schema.json"))
    return Schemas(live, lambda: snapshot.expectation(kept, "the snapshot schema.json"))
