"""Says what SQL in a routine is: a constant text, a name, and which columns it would return."""

from __future__ import annotations

from collections.abc import Iterator

from pglast import ast
from pglast.stream import RawStream

from readyctl.migrate.examine.nodes import Tree, is_a, nodes, parsed

Dml = (ast.InsertStmt, ast.UpdateStmt, ast.DeleteStmt, ast.MergeStmt)
_DEPTH = 4


def constant(expression: str) -> str | None:
    """Return the text that an expression always is, such as `'a' || 'b'`; None where it varies."""
    tree = parsed(f"select {expression}")
    if not is_a(tree, ast.SelectStmt) or not tree.targetList or tree.fromClause:
        return None
    return _folded(tree.targetList[0].val)


def harmless(expression: str) -> bool:
    """Whether an expression is a name or a constant, so that computing it does nothing."""
    tree = parsed(f"select {expression}")
    if not is_a(tree, ast.SelectStmt) or len(tree.targetList or ()) != 1:
        return False
    value = tree.targetList[0].val
    while is_a(value, ast.TypeCast):
        value = value.arg
    return is_a(value, ast.ColumnRef, ast.A_Const, ast.ParamRef)


def query_of_shape(text: str) -> str | None:
    """Return a query with the columns that a statement returns, and that changes nothing.

    INSERT ... RETURNING becomes a query of the table that it inserts into. None where the columns
    cannot be told.
    """
    tree = parsed(text)
    if is_a(tree, ast.SelectStmt) and not _changes(tree):
        return text
    shaped = _shaped(tree, _DEPTH)
    try:
        return RawStream()(shaped) if shaped is not None else None
    except (NotImplementedError, TypeError, AttributeError):
        return None


def relations(tree: Tree) -> tuple[Tree, ...]:
    """Return every relation that a statement names."""
    return tuple(node for node in nodes(tree) if is_a(node, ast.RangeVar))


def _folded(value: Tree) -> str | None:
    if is_a(value, ast.A_Const) and is_a(value.val, ast.String):
        return str(value.val.sval)
    if is_a(value, ast.TypeCast):
        return _folded(value.arg)
    if is_a(value, ast.A_Expr) and value.name[-1].sval == "||" and value.lexpr is not None:
        left, right = _folded(value.lexpr), _folded(value.rexpr)
        return None if left is None or right is None else left + right
    return None


def _changes(tree: Tree) -> bool:
    return any(is_a(cte.ctequery, *Dml) for cte in _ctes(tree))


def _ctes(tree: Tree) -> Iterator[Tree]:
    clause = getattr(tree, "withClause", None)
    yield from clause.ctes if clause else ()


def _shaped(tree: Tree, depth: int) -> Tree:
    if tree is None or depth == 0:
        return None
    if is_a(tree, ast.SelectStmt):
        tree.withClause = _without_changes(tree, depth)
        return tree
    returning = getattr(tree, "returningClause", None)
    if not is_a(tree, *Dml) or is_a(tree, ast.MergeStmt) or returning is None:
        return None
    more = getattr(tree, "fromClause", None) or getattr(tree, "usingClause", None) or ()
    return ast.SelectStmt(
        targetList=returning.exprs,
        fromClause=(tree.relation, *more),
        withClause=_without_changes(tree, depth),
    )


def _without_changes(tree: Tree, depth: int) -> Tree:
    kept = []
    for cte in _ctes(tree):
        if is_a(cte.ctequery, *Dml):
            shaped = _shaped(cte.ctequery, depth - 1)
            # Nothing can be read from one that returns nothing.
            if shaped is None:
                continue
            cte.ctequery = shaped
        kept.append(cte)
    clause: Tree = getattr(tree, "withClause", None)
    return ast.WithClause(ctes=tuple(kept), recursive=clause.recursive) if kept else None
