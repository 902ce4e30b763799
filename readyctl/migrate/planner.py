"""Compares a folder with a ledger: what is to be applied, and what forbids it. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from readyctl.errors import MigrateError
from readyctl.migrate.ledger import Entry
from readyctl.migrate.parsing import parse
from readyctl.migrate.versions import order
from readyctl.model.migration import Migration

_SHOWN_LINES = 12


class State(StrEnum):
    """What a migration is, in a folder and in a database."""

    APPLIED = "applied"
    BASELINE = "baseline"
    PARTIAL = "partial"
    PENDING = "pending"
    LATE = "late"
    CHANGED = "changed"
    RESTYLED = "restyled"
    MISSING = "missing"


@dataclass(frozen=True, slots=True)
class Row:
    """A migration with its state. A missing one has no file, a pending one no entry.

    LATE is pending, and comes before one that was applied. RESTYLED differs from what was applied
    in comments and layout alone.
    """

    version: str
    file: str
    state: State
    migration: Migration | None = None
    entry: Entry | None = None


@dataclass(frozen=True, slots=True)
class Plan:
    """Every migration of folder and ledger in order."""

    rows: tuple[Row, ...]

    def of(self, *states: State) -> tuple[Row, ...]:
        """Return the rows in one of these states."""
        return tuple(row for row in self.rows if row.state in states)

    @property
    def pending(self) -> tuple[Row, ...]:
        """What an apply would run."""
        return self.of(State.PARTIAL, State.LATE, State.PENDING)


def plan(migrations: Sequence[Migration], entries: Sequence[Entry]) -> Plan:
    """Return what has become of each migration."""
    # As numbers: a file that lost a leading zero is the same one.
    known = {order(entry.version): entry for entry in entries}
    last = max(known, default=())
    rows = [
        _row(migration, known.get(number), late=number < last)
        for migration in migrations
        for number in (order(migration.version),)
    ]
    names = {order(migration.version) for migration in migrations}
    rows += [
        Row(entry.version, entry.file, State.MISSING, entry=entry)
        for number, entry in known.items()
        if number not in names
    ]
    return Plan(tuple(sorted(rows, key=lambda row: order(row.version))))


def until(found: Plan, version: str) -> Plan:
    """Return the plan up to a version.

    Raises:
        MigrateError: E0424, no file has it.
    """
    if not version:
        return found
    if all(row.version != version or row.migration is None for row in found.rows):
        raise MigrateError(
            "E0424",
            f"no migration has the version {version}",
            hint="`readyctl migrate status` lists them",
        )
    return Plan(tuple(row for row in found.rows if order(row.version) <= order(version)))


def only(found: Plan, seen: Plan) -> Plan:
    """Return the rows of a plan that are also in one that was seen before."""
    versions = {row.version for row in seen.rows}
    return Plan(tuple(row for row in found.rows if row.version in versions))


def refuse(found: Plan, *, allow_late: bool) -> None:
    """Stop where an apply would make it worse.

    Raises:
        MigrateError: E0425, a file was changed after it was applied; E0426, one comes too late;
            E0428, a file changed where it was applied.
    """
    changed = found.of(State.CHANGED)
    if changed:
        raise _changed(changed)
    late = found.of(State.LATE)
    if late and not allow_late:
        raise MigrateError(
            "E0426",
            f"{late[0].file} comes before one that was applied",
            cause=f"{len(late)} pending before the last that was applied",
            where=late[0].file,
            hint="give it a later version, or --allow-out-of-order where it depends on nothing",
        )
    for row in found.of(State.PARTIAL):
        if row.entry and row.migration and not _goes_on(row.entry, row.migration):
            raise MigrateError(
                "E0428",
                f"{row.file} changed where it was applied",
                cause=f"its first {row.entry.done} statements are applied, and were others",
                where=row.file,
                hint="restore these statements; those behind them may be corrected",
            )


def difference(entry: Entry, migration: Migration) -> str:
    """Return the lines in which a file differs from what was applied."""
    lines = difflib.unified_diff(
        entry.text.splitlines(), migration.text.splitlines(), "applied", "file", lineterm="", n=1
    )
    found = list(lines)[2:]
    more = len(found) - _SHOWN_LINES
    shown = found[:_SHOWN_LINES] + ([f"... {more} more lines"] if more > 0 else [])
    return "\n".join(shown)


def _goes_on(entry: Entry, migration: Migration) -> bool:
    """Whether what is applied of a file is still what it begins with."""
    if entry.sha256 == migration.sha256:
        return True
    applied = parse(entry.text, entry.file)[: entry.done]
    return [s.sql for s in applied] == [s.sql for s in migration.statements[: entry.done]]


def _row(migration: Migration, entry: Entry | None, *, late: bool) -> Row:
    if entry is None:
        state = State.LATE if late else State.PENDING
    elif entry.kind == "partial":
        state = State.PARTIAL
    elif entry.sha256 == migration.sha256:
        state = State(entry.kind)
    elif entry.tokens_sha256 == migration.tokens_sha256:
        state = State.RESTYLED
    else:
        state = State.CHANGED
    return Row(migration.version, migration.file, state, migration, entry)


def _changed(rows: Sequence[Row]) -> MigrateError:
    row = rows[0]
    shown = difference(row.entry, row.migration) if row.entry and row.migration else ""
    return MigrateError(
        "E0425",
        f"{row.file} was changed after it was applied",
        cause=f"{len(rows)} changed; the first:\n{shown}",
        where=row.file,
        hint="restore the file, and put the change into another migration",
    )
