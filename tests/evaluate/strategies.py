"""Random audits: checks of every kind over facts of every state."""

from __future__ import annotations

from dataclasses import dataclass

from hypothesis import strategies as st

from readyctl.evaluate.engine import evaluate
from readyctl.evaluate.findings import finding_of
from readyctl.evaluate.waivers import finding_digest
from readyctl.model.check import Check, Checklist, WhenEmpty
from readyctl.model.fact import FactSet
from readyctl.model.json import Json
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Severity
from tests.evaluate.builders import (
    WEIGHTS,
    attestation,
    attested,
    check,
    checklist,
    coverage,
    facts,
    good_things,
)

GOOD = st.sampled_from([True, True, False, None])
THINGS = st.lists(GOOD, max_size=6).map(
    lambda values: [{"name": f"n{i}", "good": good} for i, good in enumerate(values)]
)
NAMES = st.lists(st.sampled_from("abcdef"), max_size=6)
COVERED = st.fixed_dictionaries({"wanted": NAMES, "present": NAMES})


@dataclass(frozen=True)
class Audit:
    """A random audit and what it was made from."""

    facts: FactSet
    checklist: Checklist
    people: int
    hours: float

    def scorecard(self) -> Scorecard:
        """Judge it."""
        return evaluate(
            self.facts,
            self.checklist,
            facts_digest="sha256:0",
            people=self.people,
            hours_per_day=self.hours,
        )


@st.composite
def audits(draw: st.DrawFn) -> Audit:
    """An audit of up to eight checks, some of their facts denied, some waived or attested."""
    checks: list[Check] = []
    values: dict[str, Json] = {}
    missing: dict[str, str] = {}
    attestations: list[Json] = []
    for index in range(draw(st.integers(1, 8))):
        name = f"check-{index}"
        kind = draw(st.sampled_from(["condition", "ratio", "coverage", "attestation"]))
        low = draw(st.sampled_from([0.0, 0.5, 1.0, 4.0]))
        rule = {
            "condition": good_things(draw(st.sampled_from(list(WhenEmpty)))),
            "ratio": good_things(by_ratio=True),
            "coverage": coverage(),
            "attestation": attested(),
        }[kind]
        fact = f"things_{index}"
        checks.append(
            _over(
                fact,
                check(
                    name,
                    judgement=rule,
                    severity=draw(st.sampled_from(list(Severity))),
                    category=draw(st.sampled_from(["one", "two", "three"])),
                    after=draw(
                        st.lists(st.sampled_from([c.id for c in checks] or [""]), max_size=2)
                    )
                    if checks
                    else (),
                    effort=(low, low + draw(st.sampled_from([0.0, 1.0, 6.0]))),
                    needs=() if kind == "attestation" else (fact,),
                ),
            )
        )
        if kind == "attestation" and draw(st.booleans()):
            attestations.append(attestation(name))
        if draw(st.integers(0, 4)) == 0:
            missing[fact] = "test:Call"
        else:
            values[fact] = draw(COVERED if kind == "coverage" else THINGS)
    gathered = facts({**values, "attestations": attestations}, missing)
    waived = draw(st.sets(st.sampled_from([c.id for c in checks])))
    waivers = [_waiver(c, gathered) for c in checks if c.id in waived]
    gathered = facts({**values, "attestations": attestations, "waivers": waivers}, missing)
    return Audit(
        gathered,
        checklist(*checks),
        draw(st.integers(1, 3)),
        draw(st.sampled_from([4.0, 6.0, 8.0])),
    )


def _over(fact: str, given: Check) -> Check:
    """Let a check read a fact of its own."""
    from dataclasses import replace

    rule = given.judgement
    if rule.coverage:
        cover = replace(rule.coverage, expected=f"{fact}.wanted", actual=f"{fact}.present")
        return replace(given, judgement=replace(rule, coverage=cover))
    return replace(given, judgement=replace(rule, select=fact)) if rule.condition else given


def _waiver(given: Check, gathered: FactSet) -> dict[str, Json]:
    return {
        "check": given.id,
        "reason": "accepted",
        "approver": "J. Doe",
        "created": "2026-11-01",
        "expires": "2027-01-31",
        "finding_digest": finding_digest(finding_of(given, gathered, WEIGHTS)),
    }
