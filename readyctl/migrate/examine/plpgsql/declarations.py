"""Reads the DECLARE section of a PL/pgSQL block."""

from __future__ import annotations

from readyctl.migrate.examine.plpgsql.tokens import Tokens
from readyctl.migrate.examine.plpgsql.tree import Code, Variable

_VALUE = (":=", "=", "default")


def declarations(tokens: Tokens) -> tuple[Variable, ...]:
    """Return the variables up to BEGIN, in their order.

    Raises:
        Unreadable: a declaration does not end.
    """
    found: list[Variable] = []
    while tokens.peek() != "begin":
        # More than one DECLARE is allowed, and means nothing.
        if not tokens.accept("declare"):
            found.append(_declaration(tokens))
    return tuple(found)


def _declaration(tokens: Tokens) -> Variable:
    begin = tokens.at
    name = tokens.take()
    if tokens.accept("alias"):
        tokens.until(";")
        return _written(tokens, begin, Variable(name, "alias"))
    if _is_cursor(tokens):
        return _cursor(tokens, begin, name)
    tokens.accept("constant")
    kind = tokens.until(*_VALUE, ";", "not", "collate").text
    if tokens.accept("collate"):
        tokens.until(*_VALUE, ";", "not")
    tokens.accept("not", "null")
    value: Code | None = None
    if tokens.peek() in _VALUE:
        tokens.take()
        value = tokens.until(";")
    tokens.take(";")
    return Variable(name, kind, value)


def _is_cursor(tokens: Tokens) -> bool:
    ahead = [tokens.peek(number) for number in range(3)]
    return ahead[0] == "cursor" or ahead[:2] == ["scroll", "cursor"] or ahead[2] == "cursor"


def _cursor(tokens: Tokens, begin: int, name: str) -> Variable:
    tokens.until("cursor")
    tokens.take("cursor")
    arguments = ""
    if tokens.accept("("):
        arguments = tokens.until(")").text
        tokens.take(")")
    tokens.take("for", "is")
    query = tokens.until(";")
    return _written(tokens, begin, Variable(name, "cursor", query, arguments))


def _written(tokens: Tokens, begin: int, variable: Variable) -> Variable:
    text = tokens.text(begin, tokens.at)
    tokens.take(";")
    return Variable(variable.name, variable.kind, variable.value, variable.arguments, text)
