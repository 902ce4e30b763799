"""Compares a folder with a ledger: what is to be applied, and what forbids it. Pure."""

from __future__ import annotations

import difflib
from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from readyctl.errors import MigrateError
from readyctl.migrate.ledger import Entry, Other
from readyctl.migrate.parsing import parse
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
    known = {entry.version: entry for entry in entries}
    last = max(
        (number for number, found in enumerate(migrations) if found.version in known), default=-1
    )
    rows = [
        _row(migration, known.get(migration.version), late=number < last)
        for number, migration in enumerate(migrations)
    ]
    names = {migration.version for migration in migrations}
    rows += [
        Row(entry.version, entry.file, State.MISSING, entry=entry)
        for entry in entries
        if entry.version not in names
    ]
    return Plan(tuple(sorted(rows, key=lambda row: _order(row.version))))


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
    return Plan(tuple(row for row in found.rows if _order(row.version) <= _order(version)))


def refuse(found: Plan, others: Sequence[Other], *, allow_late: bool) -> None:
    """Stop where an apply would make it worse.

    Raises:
        MigrateError: E0425, a file was changed after it was applied; E0426, one comes too late;
            E0427, another tool applied migrations here; E0428, a file changed where it was applied.
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
    if others and not any(row.entry for row in found.rows):
        raise MigrateError(
            "E0427",
            f"{others[0].tool} has applied migrations here",
            cause=f"{len(others[0].versions)} are in its ledger, and none in readyctl's",
            where=others[0].table,
            hint="readyctl migrate baseline --from-ledger",
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


def _order(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in version.replace("_", ".").split(".") if part.isdigit())
