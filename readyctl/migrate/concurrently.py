"""Statements that no transaction holds together: whether one is done, and what is left of one."""

from __future__ import annotations

import json
from typing import Any

from pglast import parser

from readyctl.clients.database import ConnectionLost, DatabaseSession, Refused
from readyctl.model.migration import Statement

# What the server says of something that was made before readyctl could write it down.
THERE_ALREADY = ("42P04", "42P07", "42710", "42704", "3D000")


def is_done(session: DatabaseSession, statement: Statement) -> bool:
    """Return whether an index that an earlier attempt was to make is there and valid.

    One that is there and invalid is dropped.
    """
    name = _index(statement)
    if name is None:
        return False
    found = session.query(
        "select i.indisvalid from pg_index i where i.indexrelid = to_regclass(%s)", [name]
    )
    if found and not found[0][0]:
        clean_up(session, statement)
    return bool(found and found[0][0])


def clean_up(session: DatabaseSession, statement: Statement) -> None:
    """Drop the invalid index that a statement left which failed; it would only cost writes."""
    name = _index(statement)
    if name is None:
        return
    try:
        found = session.query(
            "select 1 from pg_index i where i.indexrelid = to_regclass(%s) and not i.indisvalid",
            [name],
        )
        if found:
            session.script(f"drop index concurrently if exists {name}")
    except (Refused, ConnectionLost):
        # The next attempt finds it, and drops it then.
        return


def _index(statement: Statement) -> str | None:
    if statement.kind != "IndexStmt":
        return None
    parsed = json.loads(parser.parse_sql_json(statement.sql))
    tree: dict[str, Any] = parsed["stmts"][0]["stmt"]["IndexStmt"]
    if "idxname" not in tree:
        return None
    # An index is made in the schema of its table.
    schema = tree["relation"].get("schemaname")
    return ".".join(_quoted(part) for part in (schema, tree["idxname"]) if part)


def _quoted(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
