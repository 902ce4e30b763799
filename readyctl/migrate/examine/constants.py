"""Whether a condition is plainly true or false, whatever row it is asked of."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType, BoolTestType, NullTestType, SubLinkType
from pglast.stream import RawStream

from readyctl.migrate.examine.nodes import Tree, expression, is_a, words

_TRUE = {"t", "true", "y", "yes", "on", "1"}
_FALSE = {"f", "false", "n", "no", "off", "0"}


def plain(text: str) -> bool | None:
    """Return what a condition always is; None where it depends on something.

    `a = a` counts as true: it is not, only where `a` is null.
    """
    tree = expression(text)
    return None if tree is None else _truth(tree)


def _truth(node: Tree) -> bool | None:
    rule = _RULES.get(type(node))
    found: bool | None = rule(node) if rule else None
    return found


def _constant(node: Tree) -> bool | None:
    value = node.val
    if is_a(value, ast.Boolean):
        return bool(value.boolval)
    if is_a(value, ast.String):
        text = str(value.sval).strip().lower()
        return True if text in _TRUE else False if text in _FALSE else None
    return bool(value.ival) if is_a(value, ast.Integer) else None


def _combined(node: Tree) -> bool | None:
    parts = [_truth(part) for part in node.args or ()]
    if node.boolop == BoolExprType.NOT_EXPR:
        return None if parts[0] is None else not parts[0]
    decides: bool = node.boolop == BoolExprType.OR_EXPR
    if decides in parts or (decides and _complementary(node)):
        return decides
    return None if None in parts else not decides


def _complementary(node: Tree) -> bool:
    """Whether one part of OR is the other one negated, as in `a is null or a is not null`."""
    tests: dict[str, set[object]] = {}
    for part in node.args or ():
        if is_a(part, ast.NullTest) and part.arg is not None:
            tests.setdefault(_text(part.arg), set()).add(part.nulltesttype)
    return any(len(kinds) == 2 for kinds in tests.values())


def _compared(node: Tree) -> bool | None:
    operator = words(node.name)[-1:]
    left, right = node.lexpr, node.rexpr
    if node.kind != A_Expr_Kind.AEXPR_OP or operator[0] not in ("=", "<>", "<=", ">="):
        return None
    if not is_a(left, ast.Node) or not is_a(right, ast.Node):
        return None
    same = _text(left) == _text(right)
    if same:
        return bool(operator[0] != "<>")
    constants = is_a(left, ast.A_Const) and is_a(right, ast.A_Const)
    if not constants or operator[0] not in ("=", "<>"):
        return None
    return bool(operator[0] == "<>")


def _selected(node: Tree) -> bool | None:
    select = node.subselect
    if node.subLinkType != SubLinkType.EXPR_SUBLINK or not is_a(select, ast.SelectStmt):
        return None
    if select.fromClause or select.whereClause or len(select.targetList or ()) != 1:
        return None
    return _truth(select.targetList[0].val)


def _is_null(node: Tree) -> bool | None:
    if not is_a(node.arg, ast.A_Const):
        return None
    return bool(bool(node.arg.isnull) == (node.nulltesttype == NullTestType.IS_NULL))


def _tested(node: Tree) -> bool | None:
    truth = _truth(node.arg)
    if truth is None:
        return None
    found: bool | None = {
        BoolTestType.IS_TRUE: truth,
        BoolTestType.IS_NOT_FALSE: truth,
        BoolTestType.IS_FALSE: not truth,
        BoolTestType.IS_NOT_TRUE: not truth,
    }.get(node.booltesttype)
    return found


def _case(node: Tree) -> bool | None:
    results = [_truth(when.result) for when in node.args or ()]
    results.append(_truth(node.defresult) if node.defresult is not None else None)
    return results[0] if len(set(results)) == 1 else None


def _text(node: Tree) -> str:
    # The server writes casts beside constants: 'a'::text = 'a'::text.
    return str(RawStream()(node))


_RULES: Mapping[type[ast.Node], Callable[[Tree], bool | None]] = {
    ast.A_Const: _constant,
    ast.TypeCast: lambda node: _truth(node.arg),
    ast.BoolExpr: _combined,
    ast.A_Expr: _compared,
    ast.SubLink: _selected,
    ast.CoalesceExpr: lambda node: _truth(node.args[0]),
    ast.NullTest: _is_null,
    ast.BooleanTest: _tested,
    ast.CaseExpr: _case,
}
