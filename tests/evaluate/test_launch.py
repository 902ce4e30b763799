"""The launch gate asks for a whole, recent audit whose verdict allows it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from readyctl.evaluate.launch import gate_answer
from readyctl.model.scorecard import Scorecard
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
