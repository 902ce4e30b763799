"""The launch gate asks for a whole, recent audit whose verdict allows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from readyctl.evaluate.launch import gate_answer
from readyctl.model.scorecard import Scorecard, WaiverUse
from readyctl.model.waiver import Waiver
from tests.report.scorecards import go, no_go

_HOUR = timedelta(hours=1)


def _reasons(card: Scorecard, age: timedelta) -> tuple[str, ...]:
    return gate_answer(card, card.header.audited_at + age, 24).reasons


def test_recent_go_opens_the_gate() -> None:
    """A whole audit of an hour ago that says GO opens the gate."""
    assert gate_answer(go(), go().header.audited_at + _HOUR, 24).open


def test_no_go_keeps_it_shut() -> None:
    """A verdict of NO-GO keeps the gate shut."""
    assert "NO-GO" in _reasons(no_go(), _HOUR)[0]


def test_partial_audit_keeps_it_shut() -> None:
    """An audit of some checks says nothing about the others."""
    assert _reasons(replace(go(), selected=("a",)), _HOUR)


@pytest.mark.parametrize(("age", "open_"), [(24 * _HOUR, True), (25 * _HOUR, False)])
def test_age_is_limited(age: timedelta, open_: bool) -> None:
    """The limit itself is still recent enough."""
    assert (not _reasons(go(), age)) is open_


def test_audit_of_the_future_keeps_it_shut() -> None:
    """A date in the future would stay recent for ever."""
    assert _reasons(go(), -_HOUR)


def test_an_attestation_that_ended_since_keeps_it_shut() -> None:
    """A pass that rests on a person's word ends with it, also between two audits."""
    card = go()
    today = card.header.audited_at.date()
    ending = tuple(replace(finding, expires=today) for finding in card.findings)
    assert not _reasons(replace(card, findings=ending), timedelta())
    assert _reasons(replace(card, findings=ending), 24 * _HOUR)


def test_a_waiver_that_ended_since_keeps_it_shut() -> None:
    """A risk that was accepted until yesterday is not accepted today."""
    card = go()
    today = card.header.audited_at.date()
    waiver = Waiver("a", "accepted", "J. Doe", today, today, "sha256:0")
    covered = replace(card, waivers=(WaiverUse(waiver, "expiring"),))
    assert not _reasons(covered, timedelta())
    assert _reasons(covered, 24 * _HOUR)
