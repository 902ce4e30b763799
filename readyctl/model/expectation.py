"""What migrations make of an empty database, and what is wrong with it although all applied."""

from __future__ import annotations

from dataclasses import dataclass

from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.schema import Schema


@dataclass(frozen=True, slots=True)
class Examination:
    """What an examination found; `decided` counts what it looked at and could decide in full.

    `what` says what is counted, such as `routines`. Unknown is never pass: an examination without
    flaws is clean only where nothing is undecided.
    """

    name: str
    what: str
    flaws: tuple[Flaw, ...] = ()
    decided: int = 0
    undecided: tuple[Undecided, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """The schema that is expected, in words where that is known from, and what was examined."""

    schema: Schema
    source: str
    examined: tuple[Examination, ...] = ()
