"""Whether a condition is plainly true or false, whatever row it is asked of."""

from __future__ import annotations

from pglast import ast
from pglast.enums import A_Expr_Kind, BoolExprType, BoolTestType, NullTestType, SubLinkType
from pglast.stream import RawStream

from readyctl.migrate.examine.nodes import expression, words

_TRUE = {"t", "true", "y", "yes", "on", "1"}
_FALSE = {"f", "false", "n", "no", "off", "0"}


def plain(text: str) -> bool | None:
    """Return what a condition always is; None where it depends on something.

    `a = a` counts as true: it is not, only where `a` is null.
    """
    tree = expression(text)
    return None if tree is None else _truth(tree)


def _truth(node: object) -> bool | None:
    match node:
        case ast.A_Const():
            return _constant(node)
        case ast.TypeCast():
            return _truth(node.arg)
        case ast.BoolExpr():
            return _combined(node)
        case ast.A_Expr():
            return _compared(node)
        case ast.SubLink() if node.subLinkType == SubLinkType.EXPR_SUBLINK:
            return _selected(node.subselect)
        case ast.CoalesceExpr():
            return _truth((node.args or (None,))[0])
        case ast.NullTest() if isinstance(node.arg, ast.A_Const):
            return bool(node.arg.isnull) == (node.nulltesttype == NullTestType.IS_NULL)
        case ast.BooleanTest():
            return _tested(node)
        case ast.CaseExpr():
            return _case(node)
    return None


def _constant(node: ast.A_Const) -> bool | None:
    value = node.val
    if isinstance(value, ast.Boolean):
        return bool(value.boolval)
    if isinstance(value, ast.String):
        text = str(value.sval).strip().lower()
        return True if text in _TRUE else False if text in _FALSE else None
    return bool(value.ival) if isinstance(value, ast.Integer) else None


def _combined(node: ast.BoolExpr) -> bool | None:
    parts = [_truth(part) for part in node.args or ()]
    if node.boolop == BoolExprType.NOT_EXPR:
        return None if parts[0] is None else not parts[0]
    decides = node.boolop == BoolExprType.OR_EXPR
    if decides in parts or (decides and _complementary(node)):
        return decides
    return None if None in parts else not decides


def _complementary(node: ast.BoolExpr) -> bool:
    """Whether one part of OR is the other one negated, as in `a is null or a is not null`."""
    tests: dict[str, set[object]] = {}
    for part in node.args or ():
        if isinstance(part, ast.NullTest) and part.arg is not None:
            tests.setdefault(_text(part.arg), set()).add(part.nulltesttype)
    return any(len(kinds) == 2 for kinds in tests.values())


def _compared(node: ast.A_Expr) -> bool | None:
    operator = words(node.name)[-1:]
    left, right = node.lexpr, node.rexpr
    if node.kind != A_Expr_Kind.AEXPR_OP or operator[0] not in ("=", "<>", "<=", ">="):
        return None
    if not isinstance(left, ast.Node) or not isinstance(right, ast.Node):
        return None
    same = _text(left) == _text(right)
    if same:
        return operator[0] != "<>"
    constants = isinstance(left, ast.A_Const) and isinstance(right, ast.A_Const)
    if not constants or operator[0] not in ("=", "<>"):
        return None
    return operator[0] == "<>"


def _selected(select: object) -> bool | None:
    if not isinstance(select, ast.SelectStmt) or select.fromClause or select.whereClause:
        return None
    targets = select.targetList or ()
    return _truth(targets[0].val) if len(targets) == 1 else None


def _tested(node: ast.BooleanTest) -> bool | None:
    truth = _truth(node.arg)
    if truth is None:
        return None
    return {
        BoolTestType.IS_TRUE: truth,
        BoolTestType.IS_NOT_FALSE: truth,
        BoolTestType.IS_FALSE: not truth,
        BoolTestType.IS_NOT_TRUE: not truth,
    }.get(node.booltesttype)


def _case(node: ast.CaseExpr) -> bool | None:
    results = [_truth(when.result) for when in node.args or ()]
    results.append(_truth(node.defresult) if node.defresult is not None else None)
    return results[0] if len(set(results)) == 1 else None


def _text(node: ast.Node) -> str:
    # The server writes casts beside constants: 'a'::text = 'a'::text.
    return str(RawStream()(node))
