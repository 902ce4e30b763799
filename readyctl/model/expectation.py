"""What migrations make of an empty database, and what is wrong with it although all applied."""

from __future__ import annotations

from dataclasses import dataclass

from readyctl.model.flaw import Flaw
from readyctl.model.schema import Schema


@dataclass(frozen=True, slots=True)
class Examined:
    """How much a rule could look at; `undecided` names what it could not decide, with the reason."""

    rule: str
    decided: int
    undecided: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Expectation:
    """The schema that migrations make, its flaws, and `source`: where that is known from."""

    schema: Schema
    source: str
    flaws: tuple[Flaw, ...] = ()
    examined: tuple[Examined, ...] = ()
