"""Shows row-level security: a matrix of letters, cases that do not hold, flaws, coverage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readyctl.model.flaw import Flaw
from readyctl.model.json import Json
from readyctl.model.rls import Cell, Command, Matrix, Reach, RlsResult
from readyctl.model.status import Severity
from readyctl.report.words import plural

_WIDTH = 80
_LETTERS = {
    Command.SELECT: "R",
    Command.INSERT: "I",
    Command.UPDATE: "U",
    Command.DELETE: "D",
}
_MARKS = {Reach.NONE: "-", Reach.DENIED: "-", Reach.ERROR: "!", Reach.UNDECIDED: "?"}
_LEGEND = (
    "R reads, I inserts, U updates, D deletes: every row that was tried. Small letters: some rows.",
    "- none or denied   ? not decided   ! the server fails   * policies alone, no row to try",
)
_ORDER = list(Severity)


def render_rls(result: RlsResult, *, verbose: bool = False) -> str:
    """Return the whole result for people, at 80 columns."""
    parts = [_matrix(result.matrix), _undecided(result.matrix, verbose=verbose)]
    parts += [_flaws(result.flaws), _cases(result), _coverage(result)]
    return "\n\n".join("\n".join(part) for part in parts if part)


def rls_data(result: RlsResult) -> Json:
    """Return the whole result for programs."""
    return {
        "database": result.database,
        "server_version": result.server,
        "policy_digest": result.digest,
        "tables": [
            {
                "name": table.name,
                "kind": table.kind,
                "owner": table.owner,
                "enabled": table.enabled,
                "forced": table.forced,
                "policies": table.policies,
            }
            for table in result.matrix.tables
        ],
        "callers": [{"name": caller.name, "role": caller.role} for caller in result.matrix.callers],
        "cells": [_cell_data(cell) for cell in result.matrix.cells],
        "left_out": list(result.matrix.left_out),
        "cases": [
            {
                "file": judged.case.file,
                "line": judged.case.line,
                "table": judged.case.table,
                "caller": judged.case.caller,
                "command": str(judged.case.command),
                "expected": expected(judged.case.expected),
                "found": judged.found,
                "holds": judged.holds,
            }
            for judged in result.cases
        ],
        "covered": list(result.covered),
        "uncovered": list(result.uncovered),
        "flaws": [
            {
                "rule": flaw.rule,
                "severity": str(flaw.severity),
                "object": flaw.object,
                "message": flaw.message,
                "hint": flaw.hint,
            }
            for flaw in result.flaws
        ],
    }


def expected(value: int | str | tuple[str, ...]) -> str:
    """Return what a case expects, in words."""
    if isinstance(value, tuple):
        return f"rows {', '.join(value)}" if value else "0 rows"
    return plural(value, "row") if isinstance(value, int) else value


def letters(cells: Sequence[Cell]) -> str:
    """Return the four letters of a table and a caller."""
    text = "".join(_letter(cell) for cell in cells)
    stars = any(not cell.live and cell.reach in (Reach.ALL, Reach.SOME) for cell in cells)
    return text + ("*" if stars else "")


def _letter(cell: Cell) -> str:
    letter = _LETTERS[cell.command]
    if cell.reach is Reach.ALL:
        return letter
    return letter.lower() if cell.reach is Reach.SOME else _MARKS[cell.reach]


def _cell_data(cell: Cell) -> Json:
    return {
        "table": cell.table,
        "caller": cell.caller,
        "command": str(cell.command),
        "reach": str(cell.reach),
        "live": cell.live,
        "rows": cell.rows,
        "of": cell.of,
        "reason": cell.reason,
    }


def _matrix(matrix: Matrix) -> Iterator[str]:
    if not matrix.cells:
        return
    by_place: dict[tuple[str, str], list[Cell]] = {}
    for cell in matrix.cells:
        by_place.setdefault((cell.table, cell.caller), []).append(cell)
    names = [caller.name for caller in matrix.callers]
    first = min(28, max(len(table.name) for table in matrix.tables))
    for some in _fitting(names, _WIDTH - first):
        yield " " * first + "".join(f"  {_short(name):<{_column(name)}}" for name in some).rstrip()
        for table in matrix.tables:
            shown = "".join(
                f"  {letters(by_place[table.name, name]):<{_column(name)}}" for name in some
            )
            yield f"{_cut(table.name, first):<{first}}{shown}".rstrip()
        yield ""
    yield from _LEGEND
    yield from (f"Note: {note}" for note in matrix.left_out)


def _fitting(names: Sequence[str], width: int) -> Iterator[list[str]]:
    row: list[str] = []
    for name in names:
        if row and sum(_column(entry) + 2 for entry in (*row, name)) > width:
            yield row
            row = []
        row.append(name)
    yield row


def _column(name: str) -> int:
    return max(5, len(_short(name)))


def _short(name: str) -> str:
    return _cut(name, 17)


def _cut(name: str, width: int) -> str:
    return name if len(name) <= width else name[: width - 1] + "~"


def _undecided(matrix: Matrix, *, verbose: bool) -> list[str]:
    found: dict[tuple[str, str, str], list[str]] = {}
    for cell in matrix.cells:
        if cell.reach is Reach.UNDECIDED or (verbose and cell.reason):
            place = (cell.table, str(cell.command), cell.reason or "nothing was tried")
            found.setdefault(place, []).append(cell.caller)
    lines = [
        f"  {table} {command}: {reason} ({', '.join(callers)})"
        for (table, command, reason), callers in found.items()
    ]
    return ["Not decided" if not verbose else "Details", *lines] if lines else []


def _flaws(flaws: Sequence[Flaw]) -> list[str]:
    ordered = sorted(flaws, key=lambda flaw: (_ORDER.index(flaw.severity), flaw.object))
    lines = [
        f"  {flaw.severity:<8} {flaw.object}: {flaw.message}  [{flaw.rule}]" for flaw in ordered
    ]
    return ["Flaws", *lines] if lines else []


def _cases(result: RlsResult) -> list[str]:
    if not result.cases:
        return []
    held = len(result.cases) - len(result.failed)
    lines = [f"{held} of {plural(len(result.cases), 'case')} hold"]
    for judged in result.failed:
        case = judged.case
        lines.append(
            f"  {case.file}:{case.line}  {case.table}, {case.caller}, {case.command}: "
            f"{expected(case.expected)} expected, {judged.found}"
        )
    return lines


def _coverage(result: RlsResult) -> list[str]:
    total = len(result.covered) + len(result.uncovered)
    lines = [f"{len(result.covered)} of {total} tables with row-level security have a case"]
    return [*lines, *(f"  no case: {name}" for name in result.uncovered)]
