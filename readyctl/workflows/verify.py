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
from readyctl.model.flaw import Flaw
from readyctl.model.schema import Difference, Parity, Schema
from readyctl.workflows.sides import Asked, read_expected, read_live


def verify(asked: Asked, say: Callable[[str], None]) -> Parity:
    """Return in what the live database differs from the expected one, and what is wrong with it.

    Raises:
        MigrateError, SourceFailure, LocalError: see `read_expected` and `read_live`.
    """
    expectation = read_expected(asked, say)
    live = read_live(asked, expectation.schema)
    one, other = (without(side, asked.ignore, asked.ledger) for side in (expectation.schema, live))
    found = compare(one, other, expectation.scope)
    return Parity(
        expectation=expectation.name,
        expected_version=one.server_version,
        live_version=other.server_version,
        database=other.database,
        compared=found.compared,
        differences=tuple(repaired(d, one, other) for d in found.differences),
        passed=found.passed,
        ignored=tuple(dict.fromkeys((*one.ignored, *other.ignored))),
        flaws=_flaws(asked, other),
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
    kept = without(found.schema, asked.ignore, asked.ledger)
    write_text(path, snapshot.dump(kept, found.migrations))
    return kept


def _flaws(_asked: Asked, _live: Schema) -> tuple[Flaw, ...]:
    """Return what is wrong with a schema even where it is as expected; nothing looks for it yet."""
    return ()
