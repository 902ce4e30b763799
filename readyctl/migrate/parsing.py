"""Splits SQL text into its statements by PostgreSQL's own grammar, and says where each is."""

from __future__ import annotations

import hashlib
import re
from bisect import bisect_right

import msgspec
from pglast import parser

from readyctl.errors import MigrateError
from readyctl.migrate.psql import blanked
from readyctl.model.migration import Statement

_SHOWN = 120
_BYTES = re.compile(r"[^\x00-\x7f]")
_COMMENTS = {"SQL_COMMENT", "C_COMMENT"}


class _Raw(msgspec.Struct):
    stmt: dict[str, msgspec.Raw]


class _Parsed(msgspec.Struct):
    stmts: list[_Raw] = []


def parse(text: str, file: str) -> tuple[Statement, ...]:
    """Return the statements of `text`, in their order.

    What psql reads itself, and executes nothing (`\\restrict`, `\\echo`, `\\set`), is passed over.

    Raises:
        MigrateError: E0401, the grammar does not allow it; E0402, psql would read something else
            there, such as another file; both name file, line and column.
    """
    code = blanked(text, file)
    lines = Lines(text)
    try:
        slices = parser.split(code, with_parser=True, only_slices=True)
        kinds = [next(iter(raw.stmt)) for raw in _parsed(code).stmts]
    except parser.ParseError as error:
        raise _syntax(error, code, lines, file) from None
    return tuple(
        Statement(code[found.start : found.stop], kind, found.start, *lines.place(found.start))
        for found, kind in zip(slices, kinds, strict=True)
    )


def tokens_sha256(text: str) -> str:
    """Return the digest (hex) of the tokens of SQL text: comments and layout do not change it."""
    digest = hashlib.sha256()
    for token in parser.scan(scannable(text)):
        if token.name not in _COMMENTS:
            # The scanner counts characters, not bytes.
            digest.update(text[token.start : token.end + 1].encode())
            digest.update(b"\0")
    return digest.hexdigest()


def scannable(text: str) -> str:
    """Return text of the same length and the same tokens that the scanner is quick to read.

    It counts characters anew for each token where there is one of several bytes. Such a one is a
    letter of a name, or stands in a string or a comment: any letter does in its place.
    """
    return text if text.isascii() else _BYTES.sub("z", text)


class Lines:
    """Lines and columns of a text, both from 1."""

    def __init__(self, text: str) -> None:
        self._starts = [0]
        for number, character in enumerate(text):
            if character == "\n":
                self._starts.append(number + 1)

    def place(self, offset: int) -> tuple[int, int]:
        """Return the line and column of a character."""
        line = bisect_right(self._starts, offset)
        return line, offset - self._starts[line - 1] + 1


def _parsed(code: str) -> _Parsed:
    return msgspec.json.decode(parser.parse_sql_json(code), type=_Parsed)


def _syntax(error: parser.ParseError, code: str, lines: Lines, file: str) -> MigrateError:
    message, offset = (*error.args, 0)[:2]
    offset = min(max(int(offset or 0), 0), len(code))
    line, column = lines.place(offset)
    return MigrateError(
        "E0401",
        f"{file} is not SQL that PostgreSQL reads",
        cause=f"{message}: {_line_at(code, offset)}",
        where=f"{file}:{line}:{column}",
        hint="correct the statement there",
    )


def _line_at(code: str, offset: int) -> str:
    begin = code.rfind("\n", 0, offset) + 1
    end = code.find("\n", offset)
    shown = code[begin : end if end >= 0 else len(code)].strip()
    return shown if len(shown) <= _SHOWN else f"{shown[:_SHOWN]} ..."
