"""Splits SQL text into its statements by PostgreSQL's own grammar, and says where each is."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right
from collections.abc import Iterator

import msgspec
from pglast import parser

from readyctl.errors import MigrateError
from readyctl.migrate.psql import blanked
from readyctl.model.migration import Statement

_SHOWN = 120
_BYTES = re.compile(r"[^\x00-\x7f]")
# Up to its end, or to that of the text.
_QUOTED = re.compile(
    r"'(?:[^']|'')*(?:'|\Z)|\$(?P<tag>(?:[A-Za-z_]\w*)?)\$.*?(?:\$(?P=tag)\$|\Z)", re.DOTALL
)
_NEWLINE = re.compile("\n")
_COMMENTS = {"SQL_COMMENT", "C_COMMENT"}


class _Raw(msgspec.Struct):
    stmt: dict[str, msgspec.Raw]
    stmt_location: int = 0
    # 0: to the end of the text.
    stmt_len: int = 0


class _Parsed(msgspec.Struct):
    stmts: list[_Raw] = []


def parse(text: str, file: str) -> tuple[Statement, ...]:
    """Return the statements of `text`, in their order.

    What psql reads itself, and executes nothing (`\\restrict`, `\\echo`, `\\set`), is passed over.

    Raises:
        MigrateError: E0401, the grammar does not allow it; E0402, psql would read something else
            there, such as another file; both name file, line and column.
    """
    if not text or text.isspace():
        return ()
    code = blanked(text, file)
    lines = Lines(text)
    try:
        parsed = msgspec.json.decode(parser.parse_sql_json(code), type=_Parsed)
    except parser.ParseError as error:
        raise _syntax(error, code, lines, file) from None
    return tuple(_statements(code, parsed, lines))


def tokens_sha256(text: str) -> str:
    """Return the digest (hex) of the tokens of SQL text: comments and layout do not change it."""
    try:
        # It counts characters, not bytes.
        found = parser.scan(scannable(text))
    except parser.ParseError:
        # Outside of what is executed there may be anything; then every character counts.
        return hashlib.sha256(text.encode()).hexdigest()
    tokens = (text[token.start : token.end + 1] for token in found if token.name not in _COMMENTS)
    return hashlib.sha256("\0".join(tokens).encode()).hexdigest()


def without_values(text: str) -> str:
    """Return SQL as an error may show it: what stands in quotes may be a password or a record."""
    return _QUOTED.sub(lambda found: "$$...$$" if found["tag"] is not None else "'...'", text)


def scannable(text: str) -> str:
    """Return text of the same length and the same tokens that the scanner is quick to read.

    It counts characters anew for each token where there is one of several bytes. Such a one is a
    letter of a name, or stands in a string or a comment: any letter does in its place.
    """
    return text if text.isascii() else _BYTES.sub("z", text)


class Lines:
    """Lines and columns of a text, both from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0, *(found.end() for found in _NEWLINE.finditer(text))]

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of a character."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _statements(code: str, parsed: _Parsed, lines: Lines) -> Iterator[Statement]:
    # The grammar counts bytes.
    data = code.encode()
    start = begun = 0
    for raw in parsed.stmts:
        start += len(data[begun : raw.stmt_location].decode())
        begun = raw.stmt_location
        end = begun + raw.stmt_len if raw.stmt_len else len(data)
        sql = data[begun:end].decode().rstrip()
        yield Statement(sql, next(iter(raw.stmt)), start, *lines.place(start))


def _syntax(error: parser.ParseError, code: str, lines: Lines, file: str) -> MigrateError:
    message, offset = (*error.args, 0)[:2]
    offset = min(max(int(offset or 0), 0), len(code))
    line, column = lines.place(offset)
    return MigrateError(
        "E0401",
        f"{file} is not SQL that PostgreSQL reads",
        cause=without_values(f"{message}: {_line_at(code, offset)}"),
        where=f"{file}:{line}:{column}",
        hint="correct the statement there",
    )


def _line_at(code: str, offset: int) -> str:
    begin = code.rfind("\n", 0, offset) + 1
    end = code.find("\n", offset)
    shown = code[begin : end if end >= 0 else len(code)].strip()
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]} ..."
