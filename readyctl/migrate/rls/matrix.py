"""Turns what was tried into the matrix: how far each caller reaches into each table."""

from __future__ import annotations

import json
from collections.abc import Mapping

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


def cells(
    catalog: Catalog,
    relation: Relation,
    caller: Caller,
    grants: Grants,
    tried: Mapping[str, Tried] | str,
    count: int | None,
    silent: bool = True,
) -> tuple[Cell, ...]:
    """Return the four cells of a table and a caller.

    `tried` says why nothing was, if it is a text. `count` is how many rows the sample has, None
    where nobody could count them. Unless `silent`, triggers took part: they may fill a row in.
    """
    found = []
    for command in Command:
        base = Cell(relation.table.name, caller.name, command, Reach.UNDECIDED, live=False)
        static = (
            reach(catalog, relation, caller.role, command)
            if grants[relation.oid, caller.role, command].given
            else Reach.DENIED
        )
        if relation.table.kind == "foreign":
            found.append(_with(base, static, "a foreign table has no row-level security"))
        elif isinstance(tried, str):
            found.append(_with(base, Reach.UNDECIDED, tried))
        elif command is Command.INSERT:
            reason = unfit(relation, grants[relation.oid, caller.role, command])
            result = tried.get(_id(relation, command))
            found.append(_insert(base, result, static, reason, silent))
        else:
            reads = grants[relation.oid, caller.role, Command.SELECT].whole
            found.append(_rows(base, relation, tried, static, count if reads else None, reads))
    return tuple(found)


def _rows(
    base: Cell,
    relation: Relation,
    tried: Mapping[str, Tried],
    static: Reach,
    count: int | None,
    reads: bool,
) -> Cell:
    result = tried.get(_id(relation, base.command))
    if result is None:
        return _with(base, static, "it has no column that can be changed")
    blind = tried.get(_id(relation, f"{BLIND} {base.command}"))
    if result.state == _DENIED and static is Reach.DENIED:
        return _live(base, Reach.DENIED, 0, count, "")
    rows, passed = result.rows, result.states.count(_UNDONE)
    if result.state == _DENIED and passed:
        return _live(base, Reach.SOME, passed, count, "")
    if result.state == _DENIED and result.message.startswith("permission denied"):
        return _live(base, Reach.ERROR, 0, count, result.message)
    if result.state == _DENIED:
        return _live(base, Reach.NONE, 0, count, "a policy denies it")
    if result.state[:2] == "23":
        return _live(base, Reach.SOME, 0, count, "a constraint refuses what the policies allow")
    if result.state != DONE:
        return _unclear(base, result)
    if blind and blind.state == DONE:
        rows = max(rows, blind.rows)
    if not reads and base.command is not Command.SELECT and not (blind and blind.state == DONE):
        return _with(base, static, "it reads no row, so none was tried")
    return _by_count(base, static, rows, count)


def _insert(base: Cell, result: Tried | None, static: Reach, reason: str, silent: bool) -> Cell:
    if result is None:
        return _with(base, Reach.UNDECIDED if reason else static, reason)
    empty, *copies = result.states or (result.state,)
    if empty == _DENIED and static is Reach.DENIED:
        return _live(base, Reach.DENIED, 0, len(copies), "")
    passed = [_passes(state) for state in copies]
    if _passes(empty) and (silent or static is Reach.ALL):
        return _live(base, Reach.ALL, sum(passed), len(copies), "even a row of nothing")
    if empty != _DENIED and not copies:
        return _unclear(base, Tried(empty, message=result.message))
    strange = [state for state in copies if not _passes(state) and state != _DENIED]
    if strange and not any(passed):
        return _unclear(base, Tried(strange[0], message=result.message))
    if not copies and static is not Reach.NONE:
        return _with(base, static, "no row is there to be copied")
    return _live(base, Reach.SOME if any(passed) else Reach.NONE, sum(passed), len(copies), "")


def _by_count(base: Cell, static: Reach, rows: int, count: int | None) -> Cell:
    if count == 0 or (count is None and rows == 0 and static is not Reach.NONE):
        return _with(base, static, "no row is there to be tried")
    if rows and (static is Reach.ALL if count is None else rows >= count):
        return _live(base, Reach.ALL, rows, count, "")
    return _live(base, Reach.SOME if rows else Reach.NONE, rows, count, "")


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
    return Cell(base.table, base.caller, base.command, found, live=False, reason=reason)


def _live(base: Cell, found: Reach, rows: int, of: int | None, reason: str) -> Cell:
    return Cell(base.table, base.caller, base.command, found, True, rows, of, reason)
