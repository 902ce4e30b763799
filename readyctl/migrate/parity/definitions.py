"""Compares definitions that servers of different versions have written, by their parse trees."""

from __future__ import annotations

import json
from typing import Any

from readyctl.model.json import Json

_PLACES = {"location", "stmt_location", "stmt_len", "list_start", "list_end", "rexpr_list_start"}
_PLACES |= {"rexpr_list_end"}


def same_definition(one: Json, other: Json) -> bool:
    """Return whether two definitions are the same but for how a server has written them.

    Before PostgreSQL 16 the columns of a view of one table are written with the table's name.
    What a dump wrote and a restore read is written differently again: a cast of a whole list
    becomes a cast of each of its elements.
    """
    if not isinstance(one, str) or not isinstance(other, str):
        return one == other
    return one == other or _tree(one) == _tree(other)


def _tree(text: str) -> object:
    # Here: the grammar takes memory, and where nothing differs nobody asks for it.
    from pglast import parser

    # A statement, an expression, or a constraint.
    for prefix in ("", "select ", "alter table t add "):
        try:
            parsed = json.loads(parser.parse_sql_json(prefix + text))
        except parser.ParseError:
            continue
        return _plain([_unqualified(entry["stmt"]) for entry in parsed["stmts"]])
    return text


def _plain(node: Any) -> Any:
    if isinstance(node, list):
        return [_plain(part) for part in node]
    if not isinstance(node, dict):
        return node
    cast = node.get("TypeCast")
    if cast and "arrayBounds" in cast["typeName"] and "A_ArrayExpr" in cast["arg"]:
        return _plain(_each_cast(cast))
    return {name: _plain(part) for name, part in node.items() if name not in _PLACES}


def _each_cast(cast: dict[str, Any]) -> dict[str, Any]:
    single = {k: v for k, v in cast["typeName"].items() if k != "arrayBounds"}
    elements = cast["arg"]["A_ArrayExpr"].get("elements", [])
    cast_each = [{"TypeCast": {"arg": part, "typeName": single}} for part in elements]
    # An empty list needs its type.
    return {"A_ArrayExpr": {"elements": cast_each, **({} if elements else {"of": single})}}


def _unqualified(statement: dict[str, Any]) -> dict[str, Any]:
    select = statement.get("SelectStmt")
    sources = select.get("fromClause", []) if select else []
    name = _name(sources[0]) if len(sources) == 1 else ""
    if not select or not name:
        return statement
    kept = {part: select[part] for part in ("fromClause", "withClause") if part in select}
    return {"SelectStmt": {**_stripped(select, name), **kept}}


def _name(source: dict[str, Any]) -> str:
    kind, node = next(iter(source.items()))
    alias: str = node.get("alias", {}).get("aliasname", "")
    return alias or (str(node["relname"]) if kind == "RangeVar" else "")


def _stripped(node: Any, name: str) -> Any:
    if isinstance(node, list):
        return [_stripped(part, name) for part in node]
    if not isinstance(node, dict):
        return node
    if "SubLink" in node:
        # Within it every column is written with its table, by every version.
        link = node["SubLink"]
        return {
            "SubLink": {k: v if k == "subselect" else _stripped(v, name) for k, v in link.items()}
        }
    fields = node.get("fields") if set(node) <= {"fields", "location"} else None
    if fields and len(fields) == 2 and fields[0].get("String", {}).get("sval") == name:
        return {**node, "fields": fields[1:]}
    return {key: _stripped(part, name) for key, part in node.items()}
