"""Reads a PL/pgSQL body into its tree; that the server compiles it is known before."""

from __future__ import annotations

from pglast import parser

from readyctl.migrate.examine.plpgsql.declarations import declarations
from readyctl.migrate.examine.plpgsql.loops import loop
from readyctl.migrate.examine.plpgsql.statements import simple
from readyctl.migrate.examine.plpgsql.tokens import Tokens, Unreadable
from readyctl.migrate.examine.plpgsql.tree import Block, Choice, Code, Handler, Node

_BODY_ENDS = {"end", "exception", "else", "elsif", "elseif", "when"}


def read_body(body: str) -> tuple[str, Block]:
    """Return the `#variable_conflict` of a body, empty where it has none, and its outer block.

    Raises:
        Unreadable: it is written in a way that is not understood.
    """
    try:
        tokens = Tokens(body)
    except parser.ParseError as error:
        raise Unreadable(str(error.args[0])) from None
    conflict = ""
    while tokens.accept("#"):
        option, value = tokens.take(), tokens.take()
        conflict = value if option == "variable_conflict" else conflict
        if option == "print_strict_params":
            continue
    return conflict, _labelled_block(tokens)


def _labelled_block(tokens: Tokens) -> Block:
    label = _label(tokens)
    return _block(tokens, label)


def _label(tokens: Tokens) -> str:
    if not tokens.accept("<<"):
        return ""
    name = tokens.take()
    tokens.take(">>")
    return name


def _block(tokens: Tokens, label: str) -> Block:
    variables = declarations(tokens) if tokens.accept("declare") else ()
    tokens.take("begin")
    body = _statements(tokens)
    handlers: list[Handler] = []
    if tokens.accept("exception"):
        while tokens.accept("when"):
            conditions = tokens.until("then").text.lower()
            tokens.take("then")
            handlers.append(Handler(conditions, _statements(tokens)))
    _end(tokens)
    return Block(variables, body, tuple(handlers), label)


def _end(tokens: Tokens, *kind: str) -> None:
    tokens.take("end")
    for word in kind:
        tokens.take(word)
    if tokens.peek() not in (";", ""):
        tokens.take()
    tokens.accept(";")


def _statements(tokens: Tokens) -> tuple[Node, ...]:
    found: list[Node] = []
    while tokens.peek() and not _ends(tokens):
        found.append(_statement(tokens))
    return tuple(found)


def _ends(tokens: Tokens) -> bool:
    # A variable may have such a name.
    return tokens.peek() in _BODY_ENDS and tokens.peek(1) not in (":=", "=", ".")


def _statement(tokens: Tokens) -> Node:
    label = _label(tokens)
    word = tokens.peek()
    if tokens.peek(1) in (":=", "="):
        return simple(tokens)
    if word in ("declare", "begin"):
        return _block(tokens, label)
    if word in ("if", "case"):
        return _if(tokens) if word == "if" else _case(tokens)
    if word in ("loop", "while", "for", "foreach"):
        return loop(tokens, label, lambda: _loop_body(tokens))
    return simple(tokens)


def _loop_body(tokens: Tokens) -> tuple[Node, ...]:
    tokens.take("loop")
    body = _statements(tokens)
    _end(tokens, "loop")
    return body


def _if(tokens: Tokens) -> Choice:
    branches: list[tuple[Code | None, tuple[Node, ...]]] = []
    tokens.take("if")
    while True:
        condition = tokens.until("then")
        tokens.take("then")
        branches.append((condition, _statements(tokens)))
        if not (tokens.accept("elsif") or tokens.accept("elseif")):
            break
    return _rest(tokens, branches, "if")


def _case(tokens: Tokens) -> Choice:
    branches: list[tuple[Code | None, tuple[Node, ...]]] = []
    tokens.take("case")
    subject = tokens.until("when")
    while tokens.accept("when"):
        found = tokens.until("then")
        tokens.take("then")
        compared = f"({subject.text}\n) in ({found.text}\n)" if subject.text else found.text
        branches.append((Code(compared, found.line), _statements(tokens)))
    return _rest(tokens, branches, "case")


def _rest(
    tokens: Tokens, branches: list[tuple[Code | None, tuple[Node, ...]]], kind: str
) -> Choice:
    if tokens.accept("else"):
        branches.append((None, _statements(tokens)))
    _end(tokens, kind)
    return Choice(tuple(branches))
