"""Statements that no transaction holds together: whether one is done, and what is left of one."""

from __future__ import annotations

import json
import re
from typing import Any

from pglast import parser

from readyctl.clients.database import ConnectionLost, DatabaseSession, Refused
from readyctl.clients.sqlwriting import quoted
from readyctl.model.migration import Statement

# What the server says of something that was made before readyctl could write it down.
_THERE_ALREADY = ("42P04", "42P07", "42710", "42704", "3D000")
_DETACHED = ("42P01", "55000")
_DETACH = re.compile(r"\s+concurrently\s*$", re.IGNORECASE)


def is_done(session: DatabaseSession, statement: Statement) -> bool:
    """Return whether an index that an earlier attempt was to make is there and valid.

    One that is there and invalid is dropped.
    """
    names = _parts(statement)
    if names is None:
        return False
    found = session.query(
        "select i.indisvalid from pg_index i"
        " where i.indexrelid = to_regclass(%s) and i.indrelid = to_regclass(%s)",
        names,
    )
    if found and not found[0][0]:
        clean_up(session, statement)
    return bool(found and found[0][0])


def clean_up(session: DatabaseSession, statement: Statement) -> None:
    """Drop the invalid index that a statement left which failed; it would only cost writes."""
    names = _parts(statement)
    if names is None:
        return
    try:
        found = session.query(
            "select 1 from pg_index i where i.indexrelid = to_regclass(%s)"
            " and i.indrelid = to_regclass(%s) and not i.indisvalid",
            names,
        )
        if found:
            session.script(f"drop index concurrently if exists {names[0]}")
    except (Refused, ConnectionLost):
        # The next attempt finds it, and drops it then.
        return


def goes_on(statement: Statement, *, again: bool) -> str:
    """Return what to send for a statement, where an earlier attempt may have been cut off."""
    if again and statement.kind == "AlterTableStmt":
        # Half detached, a partition takes only this.
        return _DETACH.sub(" finalize", statement.sql)
    return statement.sql


def was_done(statement: Statement, sqlstate: str) -> bool:
    """Return whether a refusal means that an earlier attempt had done what it should."""
    if statement.kind == "AlterTableStmt":
        return sqlstate in _DETACHED
    # An index that is there may be another one of that name: `is_done` looked.
    return statement.kind != "IndexStmt" and sqlstate in _THERE_ALREADY


def _parts(statement: Statement) -> tuple[str, str] | None:
    """The names of an index and of its table, None for what names none."""
    if statement.kind != "IndexStmt":
        return None
    parsed = json.loads(parser.parse_sql_json(statement.sql))
    tree: dict[str, Any] = parsed["stmts"][0]["stmt"]["IndexStmt"]
    if "idxname" not in tree:
        return None
    # An index is made in the schema of its table.
    schema, table = tree["relation"].get("schemaname"), tree["relation"]["relname"]
    index, of = (
        ".".join(quoted(part) for part in (schema, name) if part)
        for name in (tree["idxname"], table)
    )
    return index, of
