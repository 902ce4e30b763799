"""One file while it is converted: its text, its statements, its tokens, and what is done to it."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from dataclasses import dataclass, field
from typing import Any

import msgspec
from pglast import parser

from readyctl.migrate.convert.edits import Edit, commented
from readyctl.migrate.convert.names import GUARD, MARK
from readyctl.migrate.convert.tokens import Token, scan
from readyctl.migrate.parsing import Lines, parse
from readyctl.model.conversion import Note, Schedule, Treatment

Tree = dict[str, Any]


class _Raw(msgspec.Struct):
    stmt: dict[str, msgspec.Raw]
    stmt_location: int = 0
    stmt_len: int = 0


class _Parsed(msgspec.Struct):
    stmts: list[_Raw] = []


@dataclass(slots=True)
class Statement:
    """One statement: characters from `start` up to `stop`, `end` is behind its semicolon."""

    kind: str
    start: int
    stop: int
    end: int
    raw: msgspec.Raw
    decoded: Tree | None = None

    @property
    def tree(self) -> Tree:
        """Its parse tree; locations in it are bytes of the file, see `Unit.at`."""
        if self.decoded is None:
            self.decoded = msgspec.json.decode(self.raw)
        return self.decoded


@dataclass(slots=True)
class Unit:
    """A file: `text` as it is, `code` with spaces where PostgreSQL reads nothing."""

    file: str
    target: str
    text: str
    code: str
    statements: list[Statement]
    tokens: list[Token]
    lines: Lines
    widths: list[int]
    edits: list[Edit] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    schedules: list[Schedule] = field(default_factory=list)
    done: set[int] = field(default_factory=set)
    wrapped: set[int] = field(default_factory=set)

    def at(self, location: int) -> int:
        """Return the character at a location of the parse tree."""
        return location if not self.widths else location - bisect_left(self.widths, location)

    def sql(self, statement: Statement) -> str:
        """Return a statement's text."""
        return self.code[statement.start : statement.stop]

    def within(self, start: int, stop: int) -> list[Token]:
        """Return the tokens from `start` up to `stop` that are no comments."""
        first = bisect_left(self.tokens, start, key=lambda token: token.start)
        last = bisect_left(self.tokens, stop, key=lambda token: token.start)
        return [token for token in self.tokens[first:last] if not token.is_comment]

    def token(self, offset: int) -> Token | None:
        """Return the token that begins at a character."""
        found = bisect_left(self.tokens, offset, key=lambda token: token.start)
        known = found < len(self.tokens) and self.tokens[found].start == offset
        return self.tokens[found] if known else None

    def note(
        self, offset: int, construct: str, treatment: Treatment, done: str, hint: str = ""
    ) -> None:
        """Write down what was done to what stands at a character."""
        line, column = self.lines.place(offset)
        self.notes.append(Note(self.file, line, column, construct, treatment, done, hint))

    def replace(self, start: int, stop: int, text: str) -> None:
        """Put `text` in the place of characters."""
        self.edits.append(Edit(start, stop, text))

    def take_out(self, statement: Statement, construct: str, why: str, hint: str = "") -> None:
        """Make a statement a comment that says why, and report it."""
        if statement.start in self.done:
            return
        self.done.add(statement.start)
        self.replace(statement.start, statement.start, f"-- {MARK} {why}{self.newline}")
        comments = [(t.start, t.stop) for t in self.tokens if t.is_comment]
        self.edits += commented(self.text, comments, statement.start, statement.end)
        self.note(statement.start, construct, Treatment.REPORTED, f"taken out: {why}", hint)

    def erase(self, statement: Statement, construct: str, why: str, hint: str) -> None:
        """Take out a statement whose values must not stay in the text, not even in a comment."""
        self.done.add(statement.start)
        rest = self.code[statement.end :].partition("\n")[0]
        after = self.newline if rest.strip() else ""
        said = f"-- {MARK} {construct} was taken out with its values{after}"
        self.replace(statement.start, statement.end, said)
        self.note(statement.start, construct, Treatment.REPORTED, f"taken out: {why}", hint)

    def guard(self, statement: Statement, condition: str, warning: str) -> None:
        """Let a statement run only where `condition` holds when it is applied."""
        self._wrap(statement)
        said = warning.replace("'", "''").replace("%", "%%")
        self.replace(statement.start, statement.start, f"do {GUARD} begin if {condition} then ")
        semicolon = "" if self.code[statement.stop : statement.end].strip() else ";"
        after = f"{semicolon} else raise warning '{said}'; end if; end {GUARD};"
        self._behind(statement, after)

    def tolerate(
        self, statement: Statement, condition: str, warning: str, *, then: str = ""
    ) -> None:
        """Let a statement warn instead of fail with a condition of PL/pgSQL; `then` follows it."""
        self._wrap(statement)
        said = warning.replace("'", "''").replace("%", "%%")
        self.replace(statement.start, statement.start, f"do {GUARD} begin ")
        semicolon = "" if self.code[statement.stop : statement.end].strip() else ";"
        caught = f"exception when {condition} then raise warning '{said}'"
        after = f"{semicolon}{then} {caught}; end {GUARD};"
        self._behind(statement, after)

    def _wrap(self, statement: Statement) -> None:
        # No other rule for it, but what it calls is still looked at.
        self.done.add(statement.start)
        self.wrapped.add(statement.start)

    def _behind(self, statement: Statement, text: str) -> None:
        # A comment to the end of the line would swallow what is put behind it.
        open_comment = any(
            token.kind == "SQL_COMMENT"
            and statement.start <= token.start < statement.end
            and token.stop >= statement.end
            for token in self.tokens
        )
        self.replace(statement.end, statement.end, (self.newline if open_comment else " ") + text)

    @property
    def newline(self) -> str:
        """How lines end here."""
        return "\r\n" if "\r\n" in self.text else "\n"


def read(file: str, target: str, text: str, code: str) -> Unit:
    """Return a file with its statements; its text is parsed once.

    Raises:
        MigrateError: E0401, the grammar does not allow it.
    """
    try:
        parsed = msgspec.json.decode(parser.parse_sql_json(code), type=_Parsed)
    except parser.ParseError:
        parse(code, file)
        raise
    unit = Unit(file, target, text, code, [], scan(code), Lines(text), _widths(code))
    for raw in parsed.stmts:
        ((kind, tree),) = raw.stmt.items()
        unit.statements.append(_statement(unit, kind, raw, tree))
    return unit


def _statement(unit: Unit, kind: str, raw: _Raw, tree: msgspec.Raw) -> Statement:
    start = unit.at(raw.stmt_location)
    stop = unit.at(raw.stmt_location + raw.stmt_len) if raw.stmt_len else len(unit.code)
    first = bisect_left(unit.tokens, start, key=lambda token: token.start)
    while first < len(unit.tokens) and unit.tokens[first].is_comment:
        first += 1
    last = bisect_right(unit.tokens, stop - 1, key=lambda token: token.start) - 1
    while last > first and unit.tokens[last].is_comment:
        last -= 1
    if first <= last < len(unit.tokens):
        start, stop = unit.tokens[first].start, unit.tokens[last].stop
    after = last + 1
    while after < len(unit.tokens) and unit.tokens[after].is_comment:
        after += 1
    ended = after < len(unit.tokens) and unit.tokens[after].text == ";"
    return Statement(kind, start, stop, unit.tokens[after].stop if ended else stop, tree)


def _widths(code: str) -> list[int]:
    """Return where the bytes are that no character begins with, counted from the file's begin."""
    if code.isascii():
        return []
    found: list[int] = []
    at = 0
    for character in code:
        width = 1 if character < "\x80" else len(character.encode())
        found += range(at + 1, at + width)
        at += width
    return found
