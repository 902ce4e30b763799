"""Goes through PostgreSQL's parse trees."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, TypeAlias

from pglast import ast, parse_sql, parser

# pglast says of every field that it may be missing; the grammar says which are there.
Tree: TypeAlias = Any


def is_a(node: object, *kinds: type[ast.Node]) -> bool:
    """Return whether a node is of one of these kinds."""
    return isinstance(node, kinds)


def parsed(text: str) -> Tree:
    """Return the tree of one statement, None where it cannot be read."""
    try:
        (only,) = parse_sql(text)
    except (parser.ParseError, ValueError):
        return None
    return only.stmt


def expression(text: str) -> Tree:
    """Return the tree of an expression, None where it cannot be read."""
    tree = parsed(f"select {text}")
    if not is_a(tree, ast.SelectStmt) or len(tree.targetList or ()) != 1:
        return None
    return tree.targetList[0].val


def nodes(tree: object) -> Iterator[Tree]:
    """Return a node and every node inside of it, from the outside in."""
    if isinstance(tree, ast.Node):
        yield tree
        for name in tree:
            yield from nodes(getattr(tree, name))
    elif isinstance(tree, (tuple, list)):
        for part in tree:
            yield from nodes(part)


def words(names: object) -> tuple[str, ...]:
    """Return the parts of a dotted name; what is no name, such as `*`, is left out."""
    found = names if isinstance(names, (tuple, list)) else ()
    return tuple(str(part.sval) for part in found if isinstance(part, ast.String))
