"""What a waiver covers, and what it does not."""

from __future__ import annotations

import pytest

from readyctl.evaluate.findings import finding_of
from readyctl.evaluate.waivers import apply, finding_digest
from readyctl.model.finding import Finding
from readyctl.model.json import Json
from readyctl.model.waiver import Waiver
from tests.evaluate.builders import NOW, WEIGHTS, check, facts

TODAY = NOW.date()


def finding(*bad: str, good: tuple[str, ...] = ()) -> Finding:
    """The finding of a check over good and bad things."""
    things: list[Json] = [{"name": name, "good": False} for name in bad]
    things += [{"name": name, "good": True} for name in good]
    return finding_of(check(), facts({"things": things}), WEIGHTS)


def waiver(accepted: Finding, **days: str) -> Waiver:
    """A waiver of what was found then."""
    from datetime import date

    dates = {"created": "2026-11-01", "expires": "2027-01-31", **days}
    return Waiver(
        check="things-good",
        reason="accepted",
        approver="J. Doe",
        created=date.fromisoformat(dates["created"]),
        expires=date.fromisoformat(dates["expires"]),
        finding_digest=finding_digest(accepted),
    )


def state(now: Finding, given: Waiver) -> tuple[str, bool]:
    """What became of a waiver, and whether the finding is covered."""
    (covered,), (use,) = apply([now], [given], TODAY)
    return use.state, covered.waiver is not None


def test_the_accepted_failure_is_covered() -> None:
    """A waiver covers the finding that was accepted."""
    assert state(finding("a"), waiver(finding("a"))) == ("active", True)


def test_things_that_hold_do_not_matter() -> None:
    """More things that are good leave the accepted failure as it was."""
    assert state(finding("a", good=("b", "c")), waiver(finding("a"))) == ("active", True)


@pytest.mark.parametrize("now", [("a", "b"), ("b",)])
def test_another_failure_of_the_check_is_not_covered(now: tuple[str, ...]) -> None:
    """What was not accepted is not covered, although the check is the same."""
    assert state(finding(*now), waiver(finding("a"))) == ("stale", False)


def test_a_waiver_of_tomorrow_covers_nothing_today() -> None:
    """A waiver counts from the day on which it was made."""
    assert state(finding("a"), waiver(finding("a"), created="2026-11-23")) == ("stale", False)


def test_a_pass_needs_no_waiver() -> None:
    """A waiver of what passes by now belongs to nothing."""
    assert state(finding(good=("a",)), waiver(finding("a"))) == ("unmatched", False)


def test_an_end_that_was_written_later_does_not_count() -> None:
    """However far off its end was edited to be, a waiver lasts 90 days at most."""
    given = waiver(finding("a"), created="2026-08-01", expires="2036-08-01")
    assert state(finding("a"), given) == ("expired", False)
