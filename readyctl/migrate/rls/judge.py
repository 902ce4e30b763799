"""Judges cases by what was tried, and names the tables that no case covers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readyctl.errors import MigrateError
from readyctl.migrate.rls.catalog import Catalog
from readyctl.migrate.rls.probe import DONE, Tried, known_relation
from readyctl.migrate.rls.statements import Step, case_step
from readyctl.model.rls import Case, Judged

_DENIED = "42501"
_REFUSED = ("23", "P0", "40", "55")


def steps(catalog: Catalog, cases: Sequence[tuple[int, Case]]) -> list[Step]:
    """Return the tries of cases, by their numbers.

    Raises:
        MigrateError: E0476, a case names a table or a column that the database lacks.
    """
    found = []
    for number, case in cases:
        relation = known_relation(catalog, case.table, f"{case.file}:{case.line}")
        names = {column.name for column in relation.columns}
        unknown = [name for name, _ in case.row if name not in names]
        if case.key and case.key not in names:
            unknown.append(case.key)
        if unknown or (isinstance(case.expected, tuple) and not (case.key or relation.key)):
            raise MigrateError(
                "E0476",
                f"{case.table} has no column {unknown[0]}"
                if unknown
                else f"{case.table} has no primary key to list rows by",
                where=f"{case.file}:{case.line}",
                hint="name a column of the table" if unknown else "name a column as `key:`",
            )
        found.append({"id": number, "sample": "", **case_step(case, relation)})
    return found


def judged(case: Case, tried: Tried | str) -> Judged:
    """Return whether what came out is what must; nothing of a row is repeated."""
    if isinstance(tried, str):
        return Judged(case, False, f"the caller cannot be made: {tried}")
    word = outcome(tried)
    expected = case.expected
    if isinstance(expected, tuple):
        missing = [key for key in expected if key not in tried.keys]
        others = tried.rows - len(tried.keys)
        holds = word == "" and not missing and not others
        if word or holds:
            return Judged(case, holds, word or f"{tried.rows} rows, as listed")
        parts = [f"{', '.join(missing)} missing"] if missing else []
        parts += [f"{others} more than listed"] if others else []
        return Judged(case, False, "; ".join(parts))
    if word:
        return Judged(case, word.partition(":")[0] == expected, word)
    holds = tried.rows > 0 if expected == "some" else tried.rows == expected
    return Judged(case, holds, f"{tried.rows} rows")


def outcome(tried: Tried) -> str:
    """Return `denied`, `refused`, an error with its SQLSTATE, or nothing for what was done."""
    if tried.state == DONE:
        return ""
    if tried.state == _DENIED:
        return "denied"
    words = f": {tried.message}" if tried.message else ""
    kind = "refused" if tried.state.startswith(_REFUSED) else "error"
    return f"{kind}: SQLSTATE {tried.state}{words}"


def coverage(catalog: Catalog, cases: Sequence[Case]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the tables with row-level security that a case covers, and those that none does."""
    named = {case.table.removeprefix("public.") for case in cases}
    protected = [relation.table.name for relation in catalog.relations if relation.table.enabled]
    return (
        tuple(name for name in protected if name in named),
        tuple(name for name in protected if name not in named),
    )


def tried_of(results: Mapping[str, Tried] | str, number: int) -> Tried | str:
    """Return what came of one case."""
    return results if isinstance(results, str) else results[str(number)]
