"""How findings become numbers, by examples worked out by hand."""

from __future__ import annotations

from dataclasses import replace

import pytest

from readyctl.evaluate.findings import finding_of
from readyctl.evaluate.scoring import score, tally
from readyctl.model.finding import AppliedWaiver, Finding
from readyctl.model.json import Json
from readyctl.model.status import Severity, Status
from tests.evaluate.builders import NOW, WEIGHTS, check, facts, good_things

WAIVER = AppliedWaiver("accepted", "J. Doe", NOW.date())


def finding(name: str, good: Json, severity: Severity = Severity.BLOCKER) -> Finding:
    """The finding of a check over one thing; `None` leaves it open."""
    made = check(name, severity=severity)
    return finding_of(made, facts({"things": [{"name": "a", "good": good}]}), WEIGHTS)


def test_readiness_is_the_share_of_the_weight_that_passes() -> None:
    """A blocker that passes and a low one that fails make 8 of 9."""
    card = score([finding("a", True), finding("b", False, Severity.LOW)])
    assert (card.points, card.weight, card.low, card.high) == (8, 9, 88, 88)


def test_what_is_open_widens_the_range() -> None:
    """A blocker that passes and one that is open make 50 to 100, half of it assessed."""
    card = score([finding("a", True), finding("b", None)])
    assert (card.low, card.high, card.assessed) == (50, 100, 50)


def test_what_is_waived_leaves_the_sum() -> None:
    """A waived failure neither lowers nor raises readiness."""
    waived = replace(finding("b", False), waiver=WAIVER)
    card = score([finding("a", True), waived])
    assert (card.weight, card.low) == (8, 100)


def test_what_does_not_apply_leaves_the_sum() -> None:
    """A check that found nothing to judge does not count."""
    none = replace(finding("b", False), status=Status.NOT_APPLICABLE, score=None)
    assert score([finding("a", True), none]).weight == 8


def test_a_measured_ratio_scores_its_share() -> None:
    """Two of 112 score 2/112 of the weight, and the percentage is floored."""
    things: Json = [{"name": str(n), "good": n < 2} for n in range(112)]
    made = check(judgement=good_things(by_ratio=True))
    card = score([finding_of(made, facts({"things": things}), WEIGHTS)])
    assert card.points == pytest.approx(8 * 2 / 112)
    assert card.low == 1


def test_99_of_100_is_not_100() -> None:
    """A percentage is floored: only everything is 100."""
    things: Json = [{"name": str(n), "good": n < 999} for n in range(1000)]
    made = check(judgement=good_things(by_ratio=True))
    assert score([finding_of(made, facts({"things": things}), WEIGHTS)]).low == 99


def test_nothing_scores_nothing() -> None:
    """Without findings there is no readiness, rather than all of it."""
    card = score([])
    assert (card.low, card.high, card.assessed) == (0, 0, 0)


def test_a_waived_finding_is_counted_once() -> None:
    """The tally has a waived failure under waived, and not under failed."""
    counts = tally([finding("a", True), replace(finding("b", False), waiver=WAIVER)])
    assert (counts.passed, counts.failed, counts.waived) == (1, 0, 1)
