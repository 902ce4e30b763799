"""Shows migrations: what has become of each, and what an apply would run."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Protocol

from readyctl.model.json import Json
from readyctl.model.migration import Migration
from readyctl.report.words import plural

_LONG_RUN = 4
_SHOWN_STATEMENTS = 6
_WIDTH = 67


class Known(Protocol):
    """A migration with what has become of it."""

    @property
    def version(self) -> str:
        """Its version."""

    @property
    def file(self) -> str:
        """Its file."""

    @property
    def state(self) -> str:
        """What has become of it."""

    @property
    def migration(self) -> Migration | None:
        """What the file holds, None where there is none."""


class Planned(Protocol):
    """Migrations in their order."""

    @property
    def rows(self) -> Sequence[Known]:
        """All of them."""

    @property
    def pending(self) -> Sequence[Known]:
        """Those that an apply would run."""


class PassedOver(Protocol):
    """A file that is no migration."""

    @property
    def file(self) -> str:
        """Its name."""

    @property
    def reason(self) -> str:
        """Why it is none."""


_MEANING = {
    "applied": "",
    "baseline": "was there before readyctl",
    "partial": "half applied: apply goes on with it",
    "pending": "",
    "late": "comes before one that was applied",
    "changed": "edited after it was applied",
    "restyled": "comments or layout changed since",
    "missing": "applied, and no longer in the folder",
}


def render_status(plan: Planned, header: Sequence[str], passed: Sequence[PassedOver] = ()) -> str:
    """Return what has become of each migration; many of one state in a row are one line."""
    lines = [*header, ""]
    for state, run in groupby(plan.rows, key=lambda row: row.state):
        lines += _run(state, list(run))
    if passed:
        lines += ["", "Passed over"]
        lines += [f"  {entry.file}: {entry.reason}" for entry in passed]
    return "\n".join([*lines, "", _counts(plan)])


def render_pending(plan: Planned) -> str:
    """Return what an apply would run, a line for each file."""
    if not plan.pending:
        return "Nothing is pending."
    width = max(len(row.file) for row in plan.pending)
    lines = [
        f"  {row.file:<{width}}  "
        f"{plural(len(row.migration.statements) if row.migration else 0, 'statement')}"
        for row in plan.pending
    ]
    return "\n".join(lines)


def render_plan(plan: Planned, *, verbose: bool = False) -> str:
    """Return what an apply would run: files, and the beginning of each statement."""
    if not plan.pending:
        return "Nothing is pending."
    lines = []
    for row in plan.pending:
        lines += [f"{row.file}", *_statements(row, None if verbose else _SHOWN_STATEMENTS)]
    return "\n".join([*lines, "", f"{plural(len(plan.pending), 'migration')} would run"])


def status_data(plan: Planned, server: int) -> Json:
    """Return the states for programs."""
    return {
        "server_version": server,
        "migrations": [
            {"version": row.version, "file": row.file, "state": str(row.state)} for row in plan.rows
        ],
    }


def plan_data(plan: Planned) -> Json:
    """Return what would run, for programs, with every statement."""
    return {
        "migrations": [
            {
                "version": row.version,
                "file": row.file,
                "statements": [
                    {"line": statement.line, "sql": statement.sql}
                    for statement in (row.migration.statements if row.migration else ())
                ],
            }
            for row in plan.pending
        ]
    }


def _run(state: str, rows: list[Known]) -> Iterator[str]:
    meaning = _MEANING[state]
    if len(rows) >= _LONG_RUN and state in ("applied", "baseline", "pending"):
        yield f"  {state:<8}  {rows[0].version} .. {rows[-1].version}   {len(rows)} files"
        return
    for row in rows:
        yield f"  {state:<8}  {row.file}{f'   {meaning}' if meaning else ''}"


def _counts(plan: Planned) -> str:
    found = {state: sum(row.state == state for row in plan.rows) for state in _MEANING}
    return ", ".join(f"{count} {state}" for state, count in found.items() if count)


def _statements(row: Known, most: int | None) -> Iterator[str]:
    statements = row.migration.statements if row.migration else ()
    for statement in statements[:most]:
        first = " ".join(statement.sql.split())
        yield f"  {statement.line:>5}  {first if len(first) <= _WIDTH else first[:_WIDTH] + ' ...'}"
    if most is not None and len(statements) > most:
        yield f"         {len(statements) - most} more statements"
