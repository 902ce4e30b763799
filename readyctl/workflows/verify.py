"""Holds a live database against what it is expected to be."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from readyctl.clients.files import write_text
from readyctl.migrate.parity import snapshot
from readyctl.migrate.parity.diff import compare
from readyctl.migrate.parity.ignore import without
from readyctl.migrate.parity.repair import ordered, repaired
from readyctl.model.parity import Parity
from readyctl.model.schema import Difference, Schema
from readyctl.workflows.expectation import LINT, linted
from readyctl.workflows.sides import Asked, read_expected, read_live


def verify(asked: Asked, say: Callable[[str], None]) -> Parity:
    """Return in what the live database differs from the expected one, and what is wrong with it.

    Raises:
        MigrateError, SourceFailure, LocalError: see `read_expected` and `read_live`.
    """
    expected = read_expected(asked, say)
    schema = expected.what.schema
    live = read_live(asked, schema)
    one, other = (without(side, asked.ignore, asked.ledger) for side in (schema, live))
    found = compare(one, other, expected.scope)
    return Parity(
        expectation=expected.what.source,
        expected_version=one.server_version,
        live_version=other.server_version,
        database=other.database,
        compared=found.compared,
        differences=tuple(repaired(d, one, other) for d in found.differences),
        passed=found.passed,
        ignored=tuple(dict.fromkeys((*one.ignored, *other.ignored))),
        examined=tuple(e for e in expected.what.examined if e.name != LINT),
    )


def repairs(parity: Parity) -> list[Difference]:
    """Return the differences in the order in which their repairs can run."""
    return ordered(parity.differences)


def record(asked: Asked, path: Path, say: Callable[[str], None]) -> Schema:
    """Write the expected schema to a file, and return it.

    Raises:
        MigrateError, SourceFailure, LocalError: see `read_expected`.
        ConfigError: the file cannot be written.
    """
    found = read_expected(replace(asked, snapshot=None), say)
    kept = without(found.what.schema, asked.ignore, asked.ledger)
    examined = found.what.examined + ((linted(asked.source),) if asked.source else ())
    write_text(path, snapshot.dump(kept, asked.source.migrations if asked.source else (), examined))
    return kept
