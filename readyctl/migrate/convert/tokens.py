"""The tokens of SQL text and of the code in its bodies, each with its place in the text."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from pglast import parser

from readyctl.migrate.parsing import scannable

COMMENTS = frozenset({"SQL_COMMENT", "C_COMMENT"})
_DOLLAR = re.compile(r"\$([A-Za-z_\x80-\U0010ffff]?[\w\x80-\U0010ffff]*)\$")
_DEEPEST = 4


@dataclass(frozen=True, slots=True)
class Token:
    """Characters from `start` up to `stop`; `kind` is the scanner's name, such as `SCONST`."""

    start: int
    stop: int
    kind: str
    text: str

    @property
    def name(self) -> str:
        """The identifier that it is, as PostgreSQL folds it."""
        if self.text.startswith('"'):
            return self.text[1:-1].replace('""', '"')
        return self.text.lower()

    @property
    def is_comment(self) -> bool:
        """Whether nothing of it is executed."""
        return self.kind in COMMENTS


def scan(text: str, offset: int = 0) -> list[Token]:
    """Return the tokens of `text`, which stands at `offset`; none where they cannot be told."""
    try:
        found = parser.scan(scannable(text))
    except parser.ParseError:
        return []
    return [
        Token(
            offset + token.start,
            offset + token.end + 1,
            token.name,
            text[token.start : token.end + 1],
        )
        for token in found
    ]


def body(token: Token) -> tuple[str, int]:
    """Return what a dollar-quoted string holds, and where that begins; nothing of others."""
    mark = _DOLLAR.match(token.text) if token.kind == "SCONST" else None
    if not mark:
        return "", 0
    return token.text[mark.end() : len(token.text) - len(mark[0])], token.start + mark.end()


def quoted(token: Token) -> tuple[str, int]:
    """Return the raw inside of a string in plain quotes, and where that begins."""
    if token.kind == "SCONST" and token.text.startswith("'"):
        return token.text[1:-1], token.start + 1
    return "", 0


def deep(tokens: list[Token], depth: int = 0) -> Iterator[list[Token]]:
    """Return the tokens, and those of every body in dollar quotes, each list by itself."""
    yield tokens
    if depth == _DEEPEST:
        return
    for token in tokens:
        inner, at = body(token)
        if inner.strip():
            yield from deep(scan(inner, at), depth + 1)


def code(tokens: list[Token]) -> list[Token]:
    """Return the tokens that are no comments."""
    return [token for token in tokens if token.kind not in COMMENTS]
