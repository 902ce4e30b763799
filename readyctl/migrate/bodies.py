"""What bodies need: SQL functions all of it when they are made, DO blocks what surely runs."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

import msgspec
from pglast import parser

from readyctl.migrate.steps import Reader, Tree, constant, strings
from readyctl.migrate.things import Kind

Read = Callable[[Reader, str], None]

# Pseudo types, and what PL/pgSQL itself declares.
_NO_TYPE = {"record", "refcursor", "trigger", "event_trigger", "unknown"}
# What is below these runs always, as often as at all.
_ALWAYS = {"body"}
_ONE_BLOCK = "PLpgSQL_stmt_block"


def path_of(tree: Tree) -> tuple[str, ...] | None:
    """Return the search path that a function sets for itself, None where it sets none."""
    for node in tree.get("options", ()):
        setting = node["DefElem"].get("arg", {}).get("VariableSetStmt", {})
        if setting.get("name") == "search_path" and setting["kind"] == "VAR_SET_VALUE":
            values = [constant(argument) for argument in setting.get("args", ())]
            return split_path(values)
    return None


def split_path(values: Iterable[str]) -> tuple[str, ...]:
    """Return the schemas of a search path that was written as one text, or as several."""
    names = [value.strip(' "') for value in values]
    return tuple(name for name in names if name and name != "$user")


def function(reader: Reader, language: str, body: str, read: Read) -> None:
    """Add what PostgreSQL looks up when a function is made.

    Of PL/pgSQL these are the types of its variables; its statements wait until they run.
    """
    if language == "sql":
        inside = reader.within(body)
        try:
            read(inside, parser.parse_sql_json(body))
        except parser.ParseError:
            return
    elif language == "plpgsql":
        for tree in _plpgsql(reader.text):
            _variables(reader, tree)


def block(reader: Reader, read: Read) -> None:
    """Add what a DO block needs where it surely comes, and what it makes wherever it may."""
    for tree in _plpgsql(reader.text):
        _variables(reader, tree)
        _statements(reader, tree.get("action", {}), read, sure=True)


def _plpgsql(text: str) -> list[Tree]:
    try:
        found: list[Tree] = msgspec.json.decode(parser.parse_plpgsql_json(text))
    except (parser.ParseError, msgspec.DecodeError):
        return []
    return [tree["PLpgSQL_function"] for tree in found]


def _variables(reader: Reader, tree: Tree) -> None:
    for datum in tree.get("datums", ()):
        variable = datum.get("PLpgSQL_var", {})
        written = variable.get("datatype", {}).get("PLpgSQL_type", {}).get("typname", "")
        if "lineno" in variable and written and written.lower() not in _NO_TYPE:
            _variable(reader, written)


def _variable(reader: Reader, written: str) -> None:
    bare, percent, suffix = written.partition("%")
    try:
        parsed = msgspec.json.decode(parser.parse_sql_json(f"select null::{bare}"))
    except parser.ParseError:
        return
    target = parsed["stmts"][0]["stmt"]["SelectStmt"]["targetList"][0]["ResTarget"]["val"]
    name = strings(target.get("TypeCast", {}).get("typeName", {}).get("names", ()))
    if not percent:
        reader.need(Kind.TYPE, name)
    elif suffix.lower().startswith("rowtype"):
        reader.need(Kind.TABLE, name)
    elif len(name) > 1:
        # Otherwise it is the type of another variable.
        reader.need(Kind.TABLE, name[:-1])


def _statements(reader: Reader, node: Any, read: Read, *, sure: bool) -> None:
    for kind, statement, surely in _flow(node, sure=sure):
        for query in _queries(kind, statement):
            _query(reader, query, read, sure=surely)


def _flow(node: Any, *, sure: bool) -> Iterator[tuple[str, Tree, bool]]:
    """Each statement of a block, and whether it surely runs and is not forgiven when it fails."""
    if isinstance(node, list):
        for part in node:
            yield from _flow(part, sure=sure)
        return
    for kind, statement in node.items():
        if not kind.startswith("PLpgSQL_") or not isinstance(statement, dict):
            continue
        own = sure and "exceptions" not in statement
        yield kind, statement, sure
        for key, below in statement.items():
            if isinstance(below, list | dict):
                always = kind == _ONE_BLOCK and key in _ALWAYS
                yield from _flow(below, sure=own and always)


def _queries(kind: str, statement: Tree) -> Iterator[str]:
    for key in ("sqlstmt", "expr", "cond", "query"):
        below = statement.get(key)
        query = below.get("PLpgSQL_expr", {}).get("query", "") if isinstance(below, dict) else ""
        if not query:
            continue
        if kind in ("PLpgSQL_stmt_dynexecute", "PLpgSQL_stmt_dynfors"):
            yield from _executed(query)
        else:
            plain = key == "sqlstmt" or query[:6].lower() in ("select", "insert", "delete")
            yield query if plain else f"select {query}"


def _executed(query: str) -> Iterator[str]:
    """The text that EXECUTE runs, where it is written there as a whole."""
    try:
        parsed = msgspec.json.decode(parser.parse_sql_json(f"select {query}"))
    except parser.ParseError:
        return
    target = parsed["stmts"][0]["stmt"]["SelectStmt"]["targetList"][0]["ResTarget"]["val"]
    text = constant(target)
    if text:
        yield text


def _query(reader: Reader, query: str, read: Read, *, sure: bool) -> None:
    inside = reader.within(query, sure=sure)
    try:
        read(inside, parser.parse_sql_json(query))
    except parser.ParseError:
        # An assignment to a variable, or a FOR over a number: it names nothing.
        return
