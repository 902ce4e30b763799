"""Asks squawk about what migrations do, and says which of its answers count."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from readyctl.clients import squawk
from readyctl.migrate.lint.squawkrules import LEFT_OUT, PREFIX, TEXTS, USED
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.migration import Migration

_SEVERITIES = {text.id: text.severity for text in TEXTS}
_HINTS = {text.id: text.fix for text in TEXTS}
_IGNORING = re.compile(r"--[^\n]*\bsquawk-[^\n]*")
_UNREADABLE = "syntax-error"


def ask(
    migrations: Sequence[Migration], wanted: Collection[str]
) -> tuple[list[Flaw], list[Undecided]]:
    """Return the flaws that squawk finds, and what it could not read.

    Raises:
        SquawkFailed: it did not do its work.
    """
    flaws: list[Flaw] = []
    undecided: dict[tuple[str, int], Undecided] = {}
    for found in squawk.run([executed(migration) for migration in migrations]):
        file = migrations[found.text].file
        rule = PREFIX + found.rule
        if found.rule == _UNREADABLE:
            # PostgreSQL's own grammar has read the file: it is squawk that does not know it.
            why = "squawk does not read what is here; readyctl's own rules did"
            undecided.setdefault((file, 0), Undecided("squawk's rules", why, file, found.line))
        elif found.rule in USED and rule in wanted:
            hint = found.help or _HINTS[rule]
            message = found.message.rstrip(".")
            flaws.append(
                Flaw(rule, _SEVERITIES[rule], message, "", file, found.line, found.column, hint)
            )
        elif found.rule not in USED and found.rule not in LEFT_OUT:
            why = f"this squawk has a rule that readyctl does not know: {found.rule}"
            undecided.setdefault((file, found.line), Undecided(rule, why, file, found.line))
    return flaws, list(undecided.values())


def executed(migration: Migration) -> str:
    """Return what of a file is executed; the rest is blank, so that every place stays the same.

    Parts that undo, and commands of psql, are left out; squawk's own comments are not.
    """
    return "".join(_parts(migration, migration.text))


def _parts(migration: Migration, text: str) -> Iterator[str]:
    spans = [(s.start, s.start + len(s.sql)) for s in migration.statements]
    edges = [(0, 0), *spans, (len(text), len(text))]
    for (_, end), (start, after) in pairwise(edges):
        yield _between(text[end:start])
        yield text[start:after]


def _between(gap: str) -> str:
    """Return what is between two statements as spaces, with the semicolon that parts them."""
    blank = list(re.sub(r"[^\n]", " ", gap))
    kept = {place for found in _IGNORING.finditer(gap) for place in range(*found.span())}
    free = [place for place, found in enumerate(blank) if found == " " and place not in kept]
    if ";" in gap and free:
        blank[free[0]] = ";"
    for place in kept:
        blank[place] = gap[place]
    return "".join(blank)
