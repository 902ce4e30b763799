"""Says whether a saved audit opens the launch gate, and plans for other people and hours."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from readyctl.evaluate.planner import plan
from readyctl.evaluate.waivers import last_day
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Verdict


@dataclass(frozen=True, slots=True)
class GateAnswer:
    """Whether a launch may go on; `reasons` say why not."""

    open: bool
    verdict: str
    reasons: tuple[str, ...]


def planned(card: Scorecard, people: int, hours_per_day: float) -> Scorecard:
    """Return the scorecard with its plan computed for so many people and hours a day."""
    return replace(card, plan=plan(card.findings, people=people, hours_per_day=hours_per_day))


def gate_answer(card: Scorecard, now: datetime, max_age_hours: float) -> GateAnswer:
    """Return whether the gate is open: it needs a whole, recent audit whose verdict allows it."""
    reasons = tuple(_reasons(card, now, timedelta(hours=max_age_hours)))
    return GateAnswer(not reasons, card.gate.verdict.value, reasons)


def _reasons(card: Scorecard, now: datetime, max_age: timedelta) -> Iterator[str]:
    if card.gate.verdict is Verdict.NO_GO:
        failing, undecided = len(card.gate.failing), len(card.gate.undecided)
        fail = f"{failing} blocker fails" if failing == 1 else f"{failing} blockers fail"
        be = "is" if undecided == 1 else "are"
        yield f"the verdict is NO-GO: {fail}, {undecided} {be} undecided"
    if card.selected:
        yield f"the last audit looked at {len(card.selected)} checks only: run the whole audit"
    age = now - card.header.audited_at
    if age > max_age:
        hours = int(age.total_seconds() // 3600)
        yield f"the last audit is {hours} hours old: run it again"
    if age < -timedelta(minutes=5):
        yield "the last audit is dated in the future: correct the clock, and run it again"
    if any(last_day(use.waiver) < now.date() for use in card.waivers if use.state in _ACTIVE):
        yield "a waiver has ended since the last audit: run it again"
    if any(
        finding.expires and finding.expires < now.date()
        for finding in card.findings
        if finding.weight
    ):
        yield "an attestation has ended since the last audit: run it again"


_ACTIVE = ("active", "expiring")
