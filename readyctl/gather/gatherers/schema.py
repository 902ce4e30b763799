"""Facts about the schema: in what the database differs from its migrations, and their flaws."""

from __future__ import annotations

from typing import TypedDict

from readyctl.gather.base import Sources, fact
from readyctl.migrate.parity.diff import Scope, compare
from readyctl.migrate.parity.ignore import without
from readyctl.model.schema import Difference


class SchemaDifference(TypedDict):
    """One thing that differs; `state` is missing, unexpected or different.

    `attribute` is what of the object differs, empty where all of it is missing or unexpected.
    """

    kind: str
    object: str
    attribute: str
    state: str


class SchemaParity(TypedDict):
    """The comparison; `compared` counts objects, `unchecked` is what nothing is known about."""

    expected_from: str
    compared: int
    differences: list[SchemaDifference]
    unchecked: list[str]


class MigrationFlaw(TypedDict):
    """A flaw of the migrations; `line` is 0 where it is in no file."""

    rule: str
    severity: str
    object: str
    message: str
    file: str
    line: int


class ExaminedRule(TypedDict):
    """How much a rule looked at, and what it could not decide."""

    rule: str
    decided: int
    undecided: list[str]


class MigrationFlaws(TypedDict):
    """What is wrong with the migrations although each can be applied."""

    flaws: list[MigrationFlaw]
    examined: list[ExaminedRule]


@fact("schema_parity", origin="postgres")
def schema_parity(sources: Sources) -> SchemaParity:
    """In what the database's schema differs from the one that the migrations make."""
    expectation = sources.schemas.expected()
    ledger = sources.settings.environment.database.ledger
    expected = without(expectation.schema, (), ledger)
    live = without(sources.schemas.live(), (), ledger)
    found = compare(expected, live, Scope(throwaway=True))
    return SchemaParity(
        expected_from=expectation.source,
        compared=found.compared,
        differences=[_difference(entry) for entry in found.differences],
        unchecked=[f"{entry.what}: {entry.reason}" for entry in live.unchecked],
    )


@fact("migration_flaws", origin="files")
def migration_flaws(sources: Sources) -> MigrationFlaws:
    """What is wrong with the migrations: routines, triggers, shadowed definitions, unsafe changes."""
    expectation = sources.schemas.expected()
    return MigrationFlaws(
        flaws=[
            MigrationFlaw(
                rule=flaw.rule,
                severity=flaw.severity.value,
                object=flaw.object,
                message=flaw.message,
                file=flaw.file,
                line=flaw.line,
            )
            for flaw in expectation.flaws
        ],
        examined=[
            ExaminedRule(rule=entry.rule, decided=entry.decided, undecided=list(entry.undecided))
            for entry in expectation.examined
        ],
    )


def _difference(found: Difference) -> SchemaDifference:
    if found.attribute:
        state = "different"
    else:
        state = "missing" if found.live is None else "unexpected"
    return SchemaDifference(
        kind=found.kind, object=found.object, attribute=found.attribute, state=state
    )
