"""Reads PL/pgSQL's statements that hold no other statements."""

from __future__ import annotations

from collections.abc import Callable

from readyctl.migrate.examine.plpgsql.tokens import Tokens, Unreadable
from readyctl.migrate.examine.plpgsql.tree import (
    Assign,
    Call,
    Code,
    Dynamic,
    Expressions,
    Fetch,
    Node,
    Open,
    ReturnQuery,
    Sql,
    Unknown,
)

_NOTHING = Expressions(())


def simple(tokens: Tokens) -> Node:
    """Return the statement that comes, up to and with its semicolon.

    Raises:
        Unreadable: it is written in a way that is not understood.
    """
    word = tokens.peek()
    if _assigns(tokens):
        found: Node = _assignment(tokens)
    elif word in _READERS:
        tokens.take()
        found = _READERS[word](tokens)
    else:
        found = _sql(tokens)
    tokens.take(";")
    return found


def targets(tokens: Tokens) -> tuple[str, ...]:
    """Return the names after INTO or FOR: `a`, `a.b`, several with commas."""
    found = [_target(tokens)]
    while tokens.accept(","):
        found.append(_target(tokens))
    return tuple(found)


def using(tokens: Tokens, *ends: str) -> tuple[Code, ...]:
    """Return the expressions after USING, none where there is no USING."""
    return _listed(tokens, *ends) if tokens.accept("using") else ()


def _target(tokens: Tokens) -> str:
    begin = tokens.at
    tokens.take()
    while tokens.peek() in (".", "["):
        if tokens.take() == "[":
            tokens.until("]")
        tokens.take()
    return tokens.text(begin, tokens.at)


def _listed(tokens: Tokens, *ends: str) -> tuple[Code, ...]:
    found = [tokens.until(",", *ends)]
    while tokens.accept(","):
        found.append(tokens.until(",", *ends))
    return tuple(found)


def _assigns(tokens: Tokens) -> bool:
    return tokens.peek(1) in (":=", "=") or (
        tokens.peek(1) in (".", "[") and tokens.peek() not in ("return", "perform")
    )


def _assignment(tokens: Tokens) -> Node:
    target = tokens.until(":=", "=", ";")
    tokens.take(":=", "=")
    return Assign(target, tokens.until(";"))


def _null(tokens: Tokens) -> Node:
    tokens.until(";")
    return _NOTHING


def _perform(tokens: Tokens) -> Node:
    rest = tokens.until(";")
    return Sql(Code(f"select {rest.text}", rest.line))


def _return(tokens: Tokens) -> Node:
    if tokens.peek() == "query":
        tokens.take()
        if tokens.accept("execute"):
            text = tokens.until(";", "using")
            return Dynamic(text, using(tokens, ";"), returned=True)
        return ReturnQuery(tokens.until(";"))
    tokens.accept("next")
    return _maybe(tokens)


def _maybe(tokens: Tokens) -> Node:
    found = tokens.until(";")
    return Expressions((found,)) if found.text else _NOTHING


def _exit(tokens: Tokens) -> Node:
    if tokens.peek() not in ("when", ";"):
        tokens.take()
    return Expressions((tokens.until(";"),)) if tokens.accept("when") else _NOTHING


def _raise(tokens: Tokens) -> Node:
    codes: tuple[Code, ...] = ()
    tokens.until(",", "using", ";")
    if tokens.accept(","):
        codes = _listed(tokens, "using", ";")
    for option in using(tokens, ";"):
        _, _, value = option.text.partition("=")
        codes = (*codes, Code(value.strip(), option.line))
    return Expressions(codes)


def _assert(tokens: Tokens) -> Node:
    return Expressions(_listed(tokens, ";"))


def _execute(tokens: Tokens) -> Node:
    text = tokens.until(";", "using", "into")
    into: tuple[str, ...] = ()
    expressions: tuple[Code, ...] = ()
    while tokens.peek() in ("using", "into"):
        if tokens.accept("into"):
            tokens.accept("strict")
            into = targets(tokens)
        else:
            expressions = using(tokens, "into", ";")
    return Dynamic(text, expressions, into)


def _open(tokens: Tokens) -> Node:
    cursor = tokens.take()
    if tokens.accept("("):
        values = _listed(tokens, ")") if tokens.peek() != ")" else ()
        tokens.take(")")
        return Open(cursor, expressions=tuple(_unnamed(value) for value in values))
    tokens.until("for", ";")
    if not tokens.accept("for"):
        return Open(cursor)
    if tokens.accept("execute"):
        text = tokens.until(";", "using")
        return Open(cursor, text=text, expressions=using(tokens, ";"))
    return Open(cursor, query=tokens.until(";"))


def _unnamed(value: Code) -> Code:
    # `name := value` and `name => value`
    for mark in (":=", "=>"):
        name, found, rest = value.text.partition(mark)
        if found and name.strip().isidentifier():
            return Code(rest.strip(), value.line)
    return value


def _fetch(tokens: Tokens) -> Node:
    begin = tokens.at
    tokens.until("into", ";")
    cursor = tokens.text(tokens.at - 1, tokens.at)
    if tokens.at == begin or not tokens.accept("into"):
        raise Unreadable(f"line {tokens.line}: FETCH without INTO")
    return Fetch(cursor, targets(tokens))


def _call(tokens: Tokens) -> Node:
    return Call(tokens.until(";"))


def _do(tokens: Tokens) -> Node:
    line = tokens.line
    tokens.until(";")
    return Unknown("DO in a routine", line)


def _sql(tokens: Tokens) -> Node:
    begin, line = tokens.at, tokens.line
    cut: tuple[int, int] | None = None
    into: tuple[str, ...] = ()
    while tokens.peek() != ";":
        if cut is None and tokens.peek() == "into" and tokens.peek(-1) not in ("insert", "merge"):
            since = tokens.at
            tokens.take()
            tokens.accept("strict")
            into = targets(tokens)
            cut = (since, tokens.at)
        else:
            tokens.take()
    text = tokens.without(begin, tokens.at, cut) if cut else tokens.text(begin, tokens.at)
    return Sql(Code(text, line), into)


_READERS: dict[str, Callable[[Tokens], Node]] = {
    "null": _null,
    "perform": _perform,
    "return": _return,
    "exit": _exit,
    "continue": _exit,
    "raise": _raise,
    "assert": _assert,
    "execute": _execute,
    "get": _null,
    "open": _open,
    "fetch": _fetch,
    "move": _null,
    "close": _null,
    "call": _call,
    "do": _do,
    "commit": _null,
    "rollback": _null,
}
