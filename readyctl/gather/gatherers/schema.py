"""Facts about the schema: in what the database differs from its migrations, and their flaws."""

from __future__ import annotations

from typing import TypedDict

from readyctl.gather.base import Sources, fact
from readyctl.migrate.parity.diff import Scope, compare
from readyctl.migrate.parity.ignore import without
from readyctl.model.flaw import Flaw
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


class MigrationExamination(TypedDict):
    """An examination: `decided` counts `what` it looked at; `undecided` says what it could not."""

    name: str
    what: str
    decided: int
    flaws: list[MigrationFlaw]
    undecided: list[str]


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


@fact("migration_examinations", origin="files")
def migration_examinations(sources: Sources) -> list[MigrationExamination]:
    """What is wrong with the migrations although each can be applied."""
    return [
        MigrationExamination(
            name=found.name,
            what=found.what,
            decided=found.decided,
            flaws=[_flaw(flaw) for flaw in found.flaws],
            undecided=[f"{entry.what}: {entry.why}" for entry in found.undecided],
        )
        for found in sources.schemas.expected().examined
    ]


def _flaw(flaw: Flaw) -> MigrationFlaw:
    return MigrationFlaw(
        rule=flaw.rule,
        severity=flaw.severity.value,
        object=flaw.object,
        message=flaw.message,
        file=flaw.file,
        line=flaw.line,
    )


def _difference(found: Difference) -> SchemaDifference:
    whole = "missing" if found.live is None else "unexpected"
    return SchemaDifference(
        kind=found.kind,
        object=found.object,
        attribute=found.attribute,
        state="different" if found.attribute else whole,
    )
