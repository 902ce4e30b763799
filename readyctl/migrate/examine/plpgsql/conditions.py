"""Whether a routine provides for what may not be there: handlers, look-ups, many tables."""

from __future__ import annotations

import re
from collections.abc import Sequence

from pglast import ast

from readyctl.migrate.examine.nodes import expression, is_a, nodes, words
from readyctl.migrate.examine.plpgsql.tree import Code, Handler

_TABLE = {"tg_table_name", "tg_relname", "tg_table_schema", "tg_relid"}
_HANDLED = re.compile(r"\bundefined_|invalid_schema_name|syntax_error|sqlstate\s+'(42|3f)")
_OTHERS = re.compile(r"\bothers\b")
_LOOKS_UP = re.compile(
    r"\bto_reg\w+|\bpg_(class|tables|views|proc|extension|namespace|type|attribute|roles|indexes"
    r"|matviews|publication\w*|available_extensions|constraint|trigger|policies|enum)\b"
    r"|information_schema|server_version|::\s*reg\w+",
    re.IGNORECASE,
)
_WHICH_TABLE = re.compile(
    r"\btg_(table_name|relname|table_schema|relid|argv|nargs|name)\b"
    r"|\b(to_jsonb?|row_to_json|hstore)\s*\(\s*(new|old)\b",
    re.IGNORECASE,
)


def expected_by(handlers: Sequence[Handler]) -> str:
    """Return why a failure inside of a block is expected, empty where it is not."""
    if any(_HANDLED.search(handler.conditions) for handler in handlers):
        return "a handler provides for what is missing"
    return ""


def hides(handlers: Sequence[Handler]) -> bool:
    """Whether a handler catches everything."""
    return any(_OTHERS.search(handler.conditions) for handler in handlers)


def expects(condition: Code | None) -> str:
    """Return why a failure behind a condition may be none, empty where it would be one."""
    text = condition.text if condition else ""
    if _LOOKS_UP.search(text):
        return "it runs only where a look-up in the catalog says so"
    if _WHICH_TABLE.search(text):
        return "it runs for some of the trigger's tables only"
    return ""


def of_tables(condition: Code) -> bool:
    """Whether a condition asks for the trigger's table and nothing else, and so can be tried."""
    tree = expression(condition.text)
    if tree is None:
        return False
    every = list(nodes(tree))
    if any(is_a(node, ast.FuncCall, ast.SubLink, ast.ParamRef) for node in every):
        return False
    names = [words(node.fields) for node in every if is_a(node, ast.ColumnRef)]
    return bool(names) and all(len(name) == 1 and name[0] in _TABLE for name in names)
