"""How a judgement becomes a finding: words, evidence, and what is missing."""

from __future__ import annotations

import pytest

from readyctl.evaluate.findings import finding_of
from readyctl.model.check import Condition, Coverage, Judgement, WhenEmpty
from readyctl.model.finding import Finding
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import WEIGHTS, attested, check, facts, good_things


def found(judgement: Judgement, values: dict[str, Json], *missing: str) -> Finding:
    """The finding of a check over the facts `things` and `more`."""
    made = check(judgement=judgement, needs=("things", "more"))
    return finding_of(made, facts(values, dict.fromkeys(missing, "test:Call")), WEIGHTS)


@pytest.mark.parametrize(
    "judgement",
    [
        # Each of these expressions gives a list although `more` is not there.
        Judgement(coverage=Coverage("things[].name", "[things[].name, more[].name][]")),
        Judgement(select="[things, more][]", condition=Condition("name", "present")),
        Judgement(
            select="more || `[]`",
            condition=Condition("name", "present"),
            when_empty=WhenEmpty.PASS,
        ),
    ],
)
def test_a_missing_fact_leaves_the_check_open(judgement: Judgement) -> None:
    """A check that needs a fact is open without it, however forgiving its expression."""
    finding = found(judgement, {"things": [{"name": "a"}]}, "more")
    assert finding.status is Status.OPEN
    assert (finding.permission, finding.resolution) == ("test:Call", "allow test:Call")


def test_a_fact_that_was_never_gathered_leaves_the_check_open() -> None:
    """Facts of another version, which lack one, decide nothing that needs it."""
    finding = found(good_things(), {"things": [{"name": "a", "good": True}]})
    assert finding.status is Status.OPEN
    assert "more" in finding.cause


def test_a_failure_names_what_is_wrong() -> None:
    """The title of a failure has its counts, and the first three names."""
    things: Json = [{"name": name, "good": False} for name in "abcde"]
    finding = found(good_things(), {"things": things, "more": []})
    assert finding.title == "5 of 5 things are bad: a, b, c and 2 more"


def test_evidence_names_every_fact() -> None:
    """A finding says which facts it rests on, whose call made them, and when."""
    finding = found(good_things(), {"things": [{"name": "a", "good": True}], "more": []})
    assert [(e.fact, e.source) for e in finding.evidence] == [
        ("things", "test:Call"),
        ("more", "test:Call"),
    ]


def test_what_nobody_attested_says_so() -> None:
    """A check that waits for one person's word says that nobody has given it."""
    finding = found(attested(), {"things": [], "more": []})
    assert "nobody has attested it" in finding.message
