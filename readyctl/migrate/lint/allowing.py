"""Comments that allow a flaw where it is: `-- readyctl: allow=RULE REASON`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from pglast import parser

from readyctl.migrate.parsing import Lines
from readyctl.migrate.psql import blanked
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Allowed, RuleText
from readyctl.model.migration import Migration
from readyctl.model.status import Severity

_COMMENT = re.compile(r"--\s*readyctl:\s*allow=(?P<rules>[a-z0-9/,-]+)[ \t]*(?P<reason>[^\n]*)")
TEXTS = (
    RuleText(
        "allow-without-reason",
        Severity.MEDIUM,
        "A flaw is allowed without a reason.",
        "Nobody can tell later whether it still holds, so that it allows nothing.",
        "Write the reason behind the rule: -- readyctl: allow=drop-table copied to b in 0012",
    ),
    RuleText(
        "allow-unknown-rule",
        Severity.MEDIUM,
        "A rule is allowed that does not exist.",
        "Something else was meant.",
        "Correct the name.",
    ),
    RuleText(
        "allow-unused",
        Severity.LOW,
        "A flaw is allowed that is not there.",
        "It hides the next one in its place.",
        "Take the comment out.",
    ),
)
_SEVERITIES = {text.id: text.severity for text in TEXTS}


@dataclass(frozen=True, slots=True)
class Comment:
    """What a comment allows, in the lines `first` to `last`."""

    file: str
    line: int
    rules: tuple[str, ...]
    reason: str
    first: int
    last: int


def comments(migration: Migration) -> Iterator[Comment]:
    """Yield the comments of a file that allow something.

    One before a statement, or in it, holds for that statement. One above the first statement with
    an empty line between holds for the whole file.
    """
    if not _COMMENT.search(migration.text):
        return
    lines = Lines(migration.text)
    rows = migration.text.split("\n")
    spans = _spans(migration, lines)
    for start, text in _comments(blanked(migration.text, migration.file)):
        found = _COMMENT.match(text)
        if found:
            line, _ = lines.place(start)
            first, last = _meant(line, spans, rows)
            names = tuple(name for name in found["rules"].split(",") if name)
            yield Comment(migration.file, line, names, found["reason"].strip(), first, last)


def apart(
    flaws: Sequence[Flaw], allowing: Sequence[Comment], known: Collection[str], ran: Collection[str]
) -> tuple[list[Flaw], list[Allowed]]:
    """Return the flaws that stay, with those of the comments themselves, and the allowed ones."""
    kept: list[Flaw] = []
    allowed: list[Allowed] = []
    used: set[tuple[Comment, str]] = set()
    for flaw in flaws:
        comment = next((c for c in allowing if c.reason and _covers(c, flaw)), None)
        if comment is None:
            kept.append(flaw)
        else:
            allowed.append(Allowed(flaw, comment.reason))
            used.add((comment, flaw.rule))
    for comment in allowing:
        for name in comment.rules:
            rule = _wrong(comment, name, known, used=(comment, name) in used or name not in ran)
            if rule:
                message = f"allow={name}: {_WORDS[rule]}"
                kept.append(
                    Flaw(rule, _SEVERITIES[rule], message, name, comment.file, comment.line, 1)
                )
    return kept, allowed


_WORDS = {
    "allow-without-reason": "no reason is given, and nothing allowed",
    "allow-unknown-rule": "there is no such rule",
    "allow-unused": "there is no such flaw here",
}


def _wrong(comment: Comment, name: str, known: Collection[str], *, used: bool) -> str:
    if name not in known:
        return "allow-unknown-rule"
    if not comment.reason:
        return "allow-without-reason"
    return "" if used else "allow-unused"


def _covers(comment: Comment, flaw: Flaw) -> bool:
    here = comment.file == flaw.file and comment.first <= flaw.line <= comment.last
    return here and flaw.rule in comment.rules


def _comments(text: str) -> Iterator[tuple[int, str]]:
    """Yield begin and text of each comment, by PostgreSQL's scanner: in a string there is none."""
    try:
        tokens = parser.scan(text)
    except parser.ParseError:
        # Something before dbmate's mark that nobody executes; what is not read allows nothing.
        return
    for token in tokens:
        if token.name == "SQL_COMMENT":
            yield token.start, text[token.start : token.end + 1]


def _spans(migration: Migration, lines: Lines) -> list[tuple[int, int]]:
    return [
        (statement.line, lines.place(statement.start + len(statement.sql))[0])
        for statement in migration.statements
    ]


def _meant(line: int, spans: list[tuple[int, int]], rows: list[str]) -> tuple[int, int]:
    for first, last in spans:
        if first <= line <= last:
            return first, last
    after = next(((first, last) for first, last in spans if first > line), None)
    if after is None:
        return line, line
    empty = any(not row.strip() for row in rows[line : after[0] - 1])
    if empty and after == spans[0]:
        return 1, len(rows)
    return (line, line) if empty else after
