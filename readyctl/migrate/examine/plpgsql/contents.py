"""The SQL that stands in a PL/pgSQL body, whichever way leads to it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from pglast import ast

from readyctl.migrate.examine.nodes import is_a, nodes, parsed
from readyctl.migrate.examine.plpgsql.reading import read_body
from readyctl.migrate.examine.plpgsql.tokens import Unreadable
from readyctl.migrate.examine.plpgsql.tree import Block, Choice, Loop, Node, Sql


def statements(body: Iterable[Node]) -> Iterator[Sql]:
    """Return the statements of SQL in every branch and loop; those of handlers are left out."""
    for node in body:
        match node:
            case Sql():
                yield node
            case Block() | Loop():
                yield from statements(node.body)
            case Choice():
                for _, branch in node.branches:
                    yield from statements(branch)


def leaves_out(body: str, table: str, column: str) -> bool:
    """Whether a body inserts into a table and gives no value to a column."""
    try:
        _, block = read_body(body)
    except Unreadable:
        return False
    for found in statements([block]):
        for node in nodes(parsed(found.code.text)):
            if is_a(node, ast.InsertStmt) and node.cols and node.relation is not None:
                names = {str(given.name) for given in node.cols}
                if node.relation.relname == table and column not in names:
                    return True
    return False
