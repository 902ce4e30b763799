"""Finds the tables that SQL text creates, with comments, strings and bodies left out."""

from __future__ import annotations

import re
from dataclasses import dataclass

_NOT_CODE = re.compile(
    r"--[^\n]*"
    r"|/\*.*?(?:\*/|\Z)"
    r"|\$(?P<tag>[A-Za-z_\x80-\uffff]?[\w\x80-\uffff]*)\$.*?(?:\$(?P=tag)\$|\Z)"
    r"|\b[eE]'(?:[^'\\]|\\.|'')*(?:'|\Z)"
    r"|'(?:[^']|'')*(?:'|\Z)"
    r'|(?P<quoted>"(?:[^"]|"")*")',
    re.DOTALL,
)
_NAME = r'(?:"(?:[^"]|"")+"|[A-Za-z_\x80-\uffff][\w$\x80-\uffff]*)'
_CREATE = re.compile(
    r"\bcreate\s+(?:unlogged\s+)?table\s+(?:if\s+not\s+exists\s+)?"
    rf"(?P<first>{_NAME})(?:\s*\.\s*(?P<second>{_NAME}))?",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class CreatedTable:
    """A table that a statement creates; `name` has its schema unless that is public."""

    name: str
    line: int


def created_tables(sql: str) -> tuple[CreatedTable, ...]:
    """Return the permanent tables that CREATE TABLE statements of the text make, in order."""
    code = _NOT_CODE.sub(_blank, sql)
    return tuple(
        CreatedTable(_qualified(match), code.count("\n", 0, match.start()) + 1)
        for match in _CREATE.finditer(code)
    )


def _blank(match: re.Match[str]) -> str:
    if match["quoted"] is not None:
        return match[0]
    return re.sub(r"[^\n]", " ", match[0])


def _qualified(match: re.Match[str]) -> str:
    first, second = _folded(match["first"]), _folded(match["second"] or "")
    if not second:
        return first
    return second if first == "public" else f"{first}.{second}"


def _folded(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name.lower()
