"""The result of one examination: what is wrong, how much was decided, and what was not."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from readyctl.model.flaw import Flaw


@dataclass(frozen=True, slots=True)
class Undecided:
    """Something that an examination could not decide, and why."""

    object: str
    reason: str
    line: int = 0


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


def examination(
    name: str,
    what: str,
    flaws: Iterable[Flaw],
    decided: int,
    undecided: Iterable[Undecided] = (),
) -> Examination:
    """Return an examination with its flaws in the order of their places, none of them twice."""
    found = sorted(set(flaws), key=_place)
    unknown = sorted(set(undecided), key=lambda u: (u.object, u.line, u.reason))
    return Examination(name, what, tuple(found), decided, tuple(unknown))


def _place(flaw: Flaw) -> tuple[str, int, int, str, str, str]:
    return flaw.file, flaw.line, flaw.column, flaw.object, flaw.rule, flaw.message
