"""Makes the result of an examination: flaws in the order of their places, none of them twice."""

from __future__ import annotations

from collections.abc import Iterable

from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided


def examination(
    name: str,
    what: str,
    flaws: Iterable[Flaw],
    decided: int,
    undecided: Iterable[Undecided] = (),
) -> Examination:
    """Return an examination with its flaws in the order of their places, none of them twice."""
    found = sorted(set(flaws), key=_place)
    unknown = sorted(set(undecided), key=lambda u: (u.what, u.line, u.why))
    return Examination(name, what, tuple(found), decided, tuple(unknown))


def _place(flaw: Flaw) -> tuple[str, int, int, str, str, str]:
    return flaw.file, flaw.line, flaw.column, flaw.object, flaw.rule, flaw.message
