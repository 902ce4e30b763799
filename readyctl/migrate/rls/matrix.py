"""Turns what was tried into the matrix: how far each caller reaches into each table."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace

from readyctl.migrate.rls.catalog import Catalog, Grants, Relation
from readyctl.migrate.rls.policies import reach
from readyctl.migrate.rls.probe import DONE, Tried
from readyctl.migrate.rls.statements import BLIND, unfit
from readyctl.model.rls import Caller, Cell, Command, Reach

_DENIED = "42501"
_UNDONE = "RDYOK"
_REASONS = {
    "55P03": "somebody holds a lock",
    "57014": "it takes too long",
    "P0001": "a trigger refuses it",
    "40001": "a trigger refuses it",
}


@dataclass(frozen=True, slots=True)
class Looked:
    """What was looked at: how many rows the sample of each table has, where somebody could count.

    Unless `silent`, triggers took part: they may fill in the row of an insert.
    """

    catalog: Catalog
    grants: Grants
    counts: Mapping[int, int]
    silent: bool


def cells(
    looked: Looked, relation: Relation, caller: Caller, tried: Mapping[str, Tried] | str
) -> tuple[Cell, ...]:
    """Return the four cells of a table and a caller; `tried` says why nothing was, if a text."""
    return tuple(_cell(looked, relation, caller, command, tried) for command in Command)


def _cell(
    looked: Looked,
    relation: Relation,
    caller: Caller,
    command: Command,
    tried: Mapping[str, Tried] | str,
) -> Cell:
    base = Cell(relation.table.name, caller.name, command, Reach.UNDECIDED, live=False)
    grant = looked.grants[relation.oid, caller.role, command]
    static = reach(looked.catalog, relation, caller.role, command) if grant.given else Reach.DENIED
    if relation.table.kind == "foreign":
        return _with(base, static, "a foreign table has no row-level security")
    if isinstance(tried, str):
        return _with(base, Reach.UNDECIDED, tried)
    result = tried.get(_id(relation, command))
    if result is None:
        reason = unfit(relation, grant) if command is Command.INSERT else ""
        return _with(base, Reach.UNDECIDED if reason else static, reason or "it has no column")
    if command is Command.INSERT:
        return _insert(base, result, static, silent=looked.silent)
    reads = looked.grants[relation.oid, caller.role, Command.SELECT].whole
    blind = tried.get(_id(relation, f"{BLIND} {command}"))
    if blind and blind.state == DONE and result.state == DONE:
        result = replace(result, rows=max(result.rows, blind.rows))
    elif not reads and command is not Command.SELECT and result.state == DONE:
        return _with(base, static, "it reads no row, so none was tried")
    return _rows(base, result, static, looked.counts.get(relation.oid) if reads else None)


def _rows(base: Cell, result: Tried, static: Reach, count: int | None) -> Cell:
    if result.state == _DENIED:
        return _denied(base, result, static, count)
    if result.state[:2] == "23":
        return _live(base, Reach.SOME, 0, count, "a constraint refuses what the policies allow")
    if result.state != DONE:
        return _unclear(base, result)
    return _by_count(base, static, result.rows, count)


def _denied(base: Cell, result: Tried, static: Reach, count: int | None) -> Cell:
    passed = result.states.count(_UNDONE)
    if static is Reach.DENIED:
        return _live(base, Reach.DENIED, 0, count)
    if passed:
        return _live(base, Reach.SOME, passed, count)
    if result.message.startswith("permission denied"):
        return _live(base, Reach.ERROR, 0, count, result.message)
    return _live(base, Reach.NONE, 0, count, "a policy denies it")


def _insert(base: Cell, result: Tried, static: Reach, *, silent: bool) -> Cell:
    empty, *copies = result.states or (result.state,)
    if empty == _DENIED and static is Reach.DENIED:
        return _live(base, Reach.DENIED, 0, len(copies))
    if empty == _DENIED and result.message.startswith("permission denied"):
        return _live(base, Reach.ERROR, 0, len(copies), result.message)
    passed = [_passes(state) for state in copies]
    if _passes(empty) and (silent or static is Reach.ALL):
        return _live(base, Reach.ALL, sum(passed), len(copies), "even a row of nothing")
    strange = [state for state in (empty, *copies) if not _passes(state) and state != _DENIED]
    if strange and not any(passed):
        return _unclear(base, Tried(strange[0], message=result.message))
    if not copies and static is not Reach.NONE:
        return _with(base, static, "no row is there to be copied")
    return _live(base, Reach.SOME if any(passed) else Reach.NONE, sum(passed), len(copies))


def _by_count(base: Cell, static: Reach, rows: int, count: int | None) -> Cell:
    if count == 0 or (count is None and rows == 0 and static is not Reach.NONE):
        return _with(base, static, "no row is there to be tried")
    if rows and (static is Reach.ALL if count is None else rows >= count):
        return _live(base, Reach.ALL, rows, count)
    return _live(base, Reach.SOME if rows else Reach.NONE, rows, count)


def _passes(state: str) -> bool:
    # Policies are asked before constraints: what a constraint refuses, they had let pass.
    return state == _UNDONE or state[:2] == "23"


def _unclear(base: Cell, result: Tried) -> Cell:
    if result.state in _REASONS:
        return _live(base, Reach.UNDECIDED, 0, None, _REASONS[result.state])
    words = result.message or f"SQLSTATE {result.state}"
    error = result.state[:2] in ("42", "54", "XX", "0A")
    return _live(base, Reach.ERROR if error else Reach.UNDECIDED, 0, None, words)


def _id(relation: Relation, what: str) -> str:
    return json.dumps([relation.oid, str(what)])


def _with(base: Cell, found: Reach, reason: str) -> Cell:
    return replace(base, reach=found, reason=reason)


def _live(base: Cell, found: Reach, rows: int, of: int | None, reason: str = "") -> Cell:
    return replace(base, reach=found, live=True, rows=rows, of=of, reason=reason)
