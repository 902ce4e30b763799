"""Reads the heads of PL/pgSQL's loops."""

from __future__ import annotations

from collections.abc import Callable

from readyctl.migrate.examine.plpgsql.statements import targets, using
from readyctl.migrate.examine.plpgsql.tokens import Tokens
from readyctl.migrate.examine.plpgsql.tree import Code, Loop, Node

_QUERIES = {"select", "with", "values", "table", "insert", "update", "delete", "merge"}
_QUERIES |= {"explain", "show", "("}

Body = Callable[[], tuple[Node, ...]]


def loop(tokens: Tokens, label: str, body: Body) -> Loop:
    """Return a loop; `body` reads from LOOP on.

    Raises:
        Unreadable: it is written in a way that is not understood.
    """
    word = tokens.peek()
    if word == "loop":
        return Loop("plain", body(), label=label)
    tokens.take()
    if word == "while":
        condition = tokens.until("loop")
        return Loop("plain", body(), expressions=(condition,), label=label)
    found = targets(tokens)
    if word == "foreach":
        return _array(tokens, label, found, body)
    tokens.take("in")
    if tokens.accept("execute"):
        return _text(tokens, label, found, body)
    return _for(tokens, label, found, body)


def _array(tokens: Tokens, label: str, into: tuple[str, ...], body: Body) -> Loop:
    if tokens.accept("slice"):
        tokens.take()
    tokens.take("in")
    tokens.take("array")
    over = tokens.until("loop")
    return Loop("array", body(), into, over, label=label)


def _text(tokens: Tokens, label: str, into: tuple[str, ...], body: Body) -> Loop:
    over = tokens.until("loop", "using")
    expressions = using(tokens, "loop")
    return Loop("text", body(), into, over, expressions=expressions, label=label)


def _for(tokens: Tokens, label: str, into: tuple[str, ...], body: Body) -> Loop:
    tokens.accept("reverse")
    begin = tokens.at
    whole = tokens.until("loop")
    end, tokens.at = tokens.at, begin
    if tokens.find("..", begin, end) >= 0:
        return _integer(tokens, label, into, body)
    if tokens.peek() not in _QUERIES and tokens.peek(1) in ("loop", "("):
        cursor = tokens.take()
        tokens.at = end
        return Loop("cursor", body(), into, cursor=cursor, label=label)
    tokens.at = end
    return Loop("query", body(), into, whole, label=label)


def _integer(tokens: Tokens, label: str, into: tuple[str, ...], body: Body) -> Loop:
    parts: list[Code] = [tokens.until("..")]
    tokens.take("..")
    parts.append(tokens.until("loop", "by"))
    if tokens.accept("by"):
        parts.append(tokens.until("loop"))
    return Loop("integer", body(), into, expressions=tuple(parts), label=label)
