"""Turns the rows of COPY ... FROM stdin, which only psql reads, into INSERT statements."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import msgspec
from pglast import parser

from readyctl.errors import MigrateError

_FOUND = re.compile(
    r"(?P<copy>\bcopy\b(?P<head>[^;'\"]*(?:\"(?:[^\"]|\"\")*\"[^;'\"]*)*\bfrom\s+stdin\b"
    r"(?:[^;'\"]|'(?:[^']|'')*'|\"(?:[^\"]|\"\")*\")*);[^\n]*\n)"
    r"|--[^\n]*"
    r"|/\*.*?(?:\*/|\Z)"
    r"|\$(?P<tag>[A-Za-z_\x80-\U0010ffff]?[\w\x80-\U0010ffff]*)\$.*?(?:\$(?P=tag)\$|\Z)"
    r"|\b[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)"
    r"|'(?:[^']|'')*(?:'|\Z)"
    r'|"(?:[^"]|"")*"',
    re.DOTALL | re.IGNORECASE,
)
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_ESCAPED = re.compile(r"\\(?:x([0-9A-Fa-f]{1,2})|([0-7]{1,3})|(.))", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Format:
    """How rows are written."""

    csv: bool
    delimiter: str
    null: str
    quote: str
    header: bool


@dataclass(frozen=True, slots=True)
class Copied:
    """COPY and its rows: characters from `start` up to `stop` become `text`."""

    start: int
    stop: int
    text: str
    rows: int


def copies(text: str, file: str) -> Iterator[Copied]:
    """Return every COPY ... FROM stdin of a text with the statements that do the same.

    Raises:
        MigrateError: E0441, rows cannot be read; names file and line.
    """
    if "stdin" not in text.lower():
        return
    at = 0
    while found := _FOUND.search(text, at):
        at = found.end()
        if not found["copy"]:
            continue
        line = text.count("\n", 0, found.start()) + 1
        end = re.compile(r"^\\\.[ \t\r]*$", re.MULTILINE).search(text, found.end())
        if not end:
            raise _refused(file, line, "its rows do not end: there is no \\. on a line of its own")
        rows = text[found.end() : end.start()]
        yield _copied(found, rows, end.end(), file, line)
        at = end.end()


def _copied(found: re.Match[str], rows: str, stop: int, file: str, line: int) -> Copied:
    head = f"copy{found['head']}"
    try:
        tree = msgspec.json.decode(parser.parse_sql_json(head))["stmts"][0]["stmt"]["CopyStmt"]
    except parser.ParseError:
        raise _refused(file, line, "the statement is not COPY as PostgreSQL reads it") from None
    form = _format(tree, file, line)
    target = re.match(r"copy\s+(?:binary\s+)?(.*?)\bfrom\s+stdin\b", head, re.I | re.S)
    into = target[1].strip() if target else ""
    data = list(_rows(rows.replace("\r\n", "\n"), form, file, line + 1))
    columns = len(tree.get("attlist", ())) or (len(data[0]) if data else 0)
    for number, row in enumerate(data, start=1):
        if len(row) != columns:
            raise _refused(file, line + number, f"row {number} has not {columns} columns")
    newline = "\r\n" if "\r\n" in found[0] else "\n"
    text = _insert(into, data, newline)
    # As many lines as before: places that a report names are those of the source.
    missing = found.string.count("\n", found.start(), stop) - text.count("\n")
    return Copied(found.start(), stop, text + newline * max(missing, 0), len(data))


def _insert(into: str, rows: list[tuple[str | None, ...]], newline: str) -> str:
    if not rows:
        return f"-- COPY {' '.join(into.split())} had no rows"
    values = f",{newline}".join(f"({', '.join(literal(v) for v in row)})" for row in rows)
    return f"INSERT INTO {into} OVERRIDING SYSTEM VALUE VALUES{newline}{values};"


def literal(value: str | None) -> str:
    """Return a value as a literal of unknown type, which becomes what its column is."""
    if value is None:
        return "NULL"
    quoted = value.replace("'", "''")
    if "\\" in value or "\r" in value or "\n" in value:
        escaped = quoted.replace("\\", "\\\\").replace("\n", "\\n").replace("\r", "\\r")
        return f"E'{escaped}'"
    return f"'{quoted}'"


def _format(tree: dict[str, Any], file: str, line: int) -> Format:
    given = {
        option["DefElem"]["defname"]: option["DefElem"].get("arg", {})
        for option in tree.get("options", ())
    }
    if set(given) - {"format", "delimiter", "null", "quote", "header", "escape", "encoding"}:
        raise _refused(file, line, "an option of it has no counterpart in INSERT")
    kind = str(given.get("format", {}).get("String", {}).get("sval", "text"))
    if kind not in ("text", "csv"):
        raise _refused(file, line, "its rows are binary")

    def said(name: str, default: str) -> str:
        return str(given.get(name, {}).get("String", {}).get("sval", default))

    is_csv = kind == "csv"
    header = "header" in given and said("header", "true").lower() not in ("false", "off")
    return Format(
        is_csv,
        said("delimiter", "," if is_csv else "\t"),
        said("null", "" if is_csv else "\\N"),
        said("quote", '"'),
        header,
    )


def _rows(text: str, form: Format, file: str, line: int) -> Iterator[tuple[str | None, ...]]:
    lines = text.split("\n")
    if lines and not lines[-1]:
        lines.pop()
    if form.csv:
        yield from _csv_rows("\n".join(lines), form)
        return
    joined: list[str] = []
    for entry in lines[1:] if form.header else lines:
        # A backslash before the end of a line puts the line's end into the value.
        joined.append(entry)
        if (len(entry) - len(entry.rstrip("\\"))) % 2 == 0:
            yield tuple(_text_value(value, form) for value in _fields("\n".join(joined), form))
            joined = []
    if joined:
        raise _refused(file, line, "the last row ends in a backslash")


def _fields(row: str, form: Format) -> list[str]:
    found, current, at = [], [], 0
    while at < len(row):
        if row[at] == "\\" and at + 1 < len(row):
            current.append(row[at : at + 2])
            at += 2
        elif row[at] == form.delimiter:
            found.append("".join(current))
            current = []
            at += 1
        else:
            current.append(row[at])
            at += 1
    return [*found, "".join(current)]


def _text_value(field: str, form: Format) -> str | None:
    if field == form.null:
        return None
    if "\\" not in field:
        return field
    # Octal and hexadecimal escapes are bytes of UTF-8.
    raw = bytearray()
    at = 0
    for found in _ESCAPED.finditer(field):
        raw += field[at : found.start()].encode()
        at = found.end()
        if found[1]:
            raw.append(int(found[1], 16))
        elif found[2]:
            raw.append(int(found[2], 8) & 255)
        else:
            raw += _ESCAPES.get(found[3], found[3]).encode()
    return (raw + field[at:].encode()).decode(errors="replace")


def _csv_rows(text: str, form: Format) -> Iterator[tuple[str | None, ...]]:
    # The reader does not tell "" from nothing: values in quotes are marked before.
    quote = form.quote
    pattern = re.compile(
        rf"{re.escape(quote)}((?:[^{re.escape(quote)}]|{re.escape(quote)}{{2}})*){re.escape(quote)}"
    )
    marked = pattern.sub(lambda found: f"{quote}\x00{found[1]}{quote}", text)
    reader = csv.reader(io.StringIO(marked), delimiter=form.delimiter, quotechar=quote)
    for number, row in enumerate(reader):
        if number or not form.header:
            yield tuple(
                value[1:] if value.startswith("\0") else None if value == form.null else value
                for value in row
            )


def _refused(file: str, line: int, cause: str) -> MigrateError:
    return MigrateError(
        "E0441",
        f"{file} has rows of COPY that cannot become INSERT",
        cause=cause,
        where=f"{file}:{line}",
        hint="correct the rows, or dump them with `pg_dump --inserts`",
    )
