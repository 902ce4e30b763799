"""How one check decides."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.evaluate.judge import judge
from readyctl.model.check import Condition, Judgement, WhenEmpty
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import (
    NOW,
    attestation,
    attested,
    check,
    coverage,
    good_things,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=4),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["good", "name", "wanted", "present"]), inner, max_size=3)
    ),
    max_leaves=8,
)


def test_pass_when_every_item_holds() -> None:
    """A check passes when each selected item satisfies its condition."""
    outcome = judge(check(), {"things": [{"name": "a", "good": True}]}, NOW)
    assert (outcome.status, outcome.score) == (Status.PASS, 1.0)


def test_fail_scores_nothing_without_ratio() -> None:
    """One bad item fails a plain check, which then scores nothing."""
    things: list[Json] = [{"name": "a", "good": True}, {"name": "b", "good": False}]
    outcome = judge(check(), {"things": things}, NOW)
    assert (outcome.status, outcome.score) == (Status.FAIL, 0.0)


def test_fail_scores_the_measured_ratio() -> None:
    """Where the ratio counts, a failure scores the share of items that hold."""
    things: list[Json] = [{"name": str(n), "good": n < 2} for n in range(112)]
    outcome = judge(check(judgement=good_things(by_ratio=True)), {"things": things}, NOW)
    assert outcome.score == 2 / 112


def test_null_is_open() -> None:
    """A value that was not observed is open, although every other item holds."""
    things: list[Json] = [{"name": "a", "good": True}, {"name": "b", "good": None}]
    outcome = judge(check(), {"things": things}, NOW)
    assert (outcome.status, outcome.cause) == (Status.OPEN, "b: good is null")


@pytest.mark.parametrize(
    ("op", "value"), [("not_equals", "bad"), ("not_in", ["bad"]), ("equals", None)]
)
def test_null_satisfies_no_negation(op: str, value: Json) -> None:
    """That something was not observed does not mean that it is not so."""
    rule = Judgement(select="things", condition=Condition("state", op, value))
    assert judge(check(judgement=rule), {"things": [{"name": "a"}]}, NOW).status is Status.OPEN


def test_failure_outweighs_unknown() -> None:
    """A check with one bad and one unknown item fails."""
    things: list[Json] = [{"name": "a", "good": False}, {"name": "b", "good": None}]
    assert judge(check(), {"things": things}, NOW).status is Status.FAIL


@pytest.mark.parametrize("meaning", list(WhenEmpty))
def test_empty_selection_means_what_the_check_says(meaning: WhenEmpty) -> None:
    """An empty selection gives the status that the check declares for it."""
    outcome = judge(check(judgement=good_things(meaning)), {"things": []}, NOW)
    assert outcome.status.value == meaning.value


def test_selection_of_nothing_observed_is_open() -> None:
    """An expression that selects null has looked at nothing, and is open."""
    rule = Judgement(select="other", condition=Condition("good", "equals", True))
    assert judge(check(judgement=rule), {"things": []}, NOW).status is Status.OPEN


def test_coverage_counts_names() -> None:
    """Coverage counts the expected names that are present, each once."""
    things = {"wanted": ["a", "b", "b", "c"], "present": ["a", "x"]}
    outcome = judge(check(judgement=coverage()), {"things": things}, NOW)
    assert outcome.measure is not None
    assert (outcome.measure.numerator, outcome.measure.denominator) == (1, 3)


def test_attestation_passes_through_its_last_day() -> None:
    """An attestation counts on its last UTC day."""
    row = attestation(signed="2026-01-01", expires="2026-11-22")
    outcome = judge(check(judgement=attested()), {"attestations": [row]}, NOW)
    assert outcome.status is Status.PASS


@pytest.mark.parametrize(
    "change",
    [
        {"expires": "2026-11-21"},
        {"signed": "2026-11-23"},
        {"signed": "2024-01-01"},
        {"evidence_state": "changed"},
        {"evidence_state": "missing"},
        {"subject": "somebody else"},
        {"check": "another-check"},
    ],
)
def test_attestation_that_does_not_count_needs_a_person(change: dict[str, str]) -> None:
    """Expired, future, over-long, altered, or other people's attestations leave it in review."""
    outcome = judge(check(judgement=attested()), {"attestations": [attestation(**change)]}, NOW)
    assert outcome.status is Status.REVIEW


def test_every_subject_needs_its_attestation() -> None:
    """With subjects, one that nobody vouched for keeps the check in review."""
    rule = attested("things[].name")
    things = [{"name": "Twilio"}, {"name": "Stripe"}]
    given_facts: dict[str, Json] = {
        "things": things,
        "attestations": [attestation(subject="Stripe")],
    }
    outcome = judge(check(judgement=rule), given_facts, NOW)
    assert [(item.name, item.status) for item in outcome.items] == [
        ("Twilio", Status.REVIEW),
        ("Stripe", Status.PASS),
    ]


@given(JSON)
def test_nothing_but_good_things_passes(things: Json) -> None:
    """Whatever the facts look like, a check passes only when good items were really seen."""
    outcome = judge(check(), {"things": things}, NOW)
    rows = things if isinstance(things, list) else [things]
    good = bool(rows) and all(isinstance(row, dict) and row.get("good") is True for row in rows)
    assert (outcome.status is Status.PASS) is good


@given(JSON)
def test_coverage_never_passes_on_a_missing_name(things: Json) -> None:
    """Coverage passes only when there is a name, and each is present."""
    outcome = judge(check(judgement=coverage()), {"things": things}, NOW)
    if outcome.status is Status.PASS:
        assert isinstance(things, dict)
        assert things["wanted"]
        assert set(things["wanted"]) <= set(things["present"])


@given(st.integers(-800, 800), st.integers(-800, 800), st.integers(1, 400))
def test_attestation_counts_exactly_between_its_days(start: int, end: int, valid: int) -> None:
    """An attestation counts from the day it was signed through the earlier of its two ends."""
    today = NOW.date()
    signed, expires = today + timedelta(start), today + timedelta(end)
    row = attestation(signed=signed.isoformat(), expires=expires.isoformat())
    outcome = judge(check(judgement=attested(valid_days=valid)), {"attestations": [row]}, NOW)
    counts = signed <= today <= min(expires, signed + timedelta(valid))
    assert (outcome.status is Status.PASS) is counts
