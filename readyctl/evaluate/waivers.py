"""Applies waivers: an accepted risk covers exactly the finding that was accepted, for a while."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date, timedelta

from readyctl.model.finding import AppliedWaiver, Finding
from readyctl.model.json import Json
from readyctl.model.scorecard import WaiverUse
from readyctl.model.status import Status
from readyctl.model.waiver import Waiver

EXPIRING_DAYS = 30
LONGEST_DAYS = 90
WAIVABLE = (Status.FAIL, Status.OPEN, Status.REVIEW)


def waivers_of(value: Json) -> tuple[Waiver, ...]:
    """Return the waivers in the value of the fact `waivers`."""
    if not isinstance(value, list):
        raise TypeError("the fact waivers is not a list")
    return tuple(
        Waiver(
            check=row["check"],
            reason=row["reason"],
            approver=row["approver"],
            created=date.fromisoformat(row["created"]),
            expires=date.fromisoformat(row["expires"]),
            finding_digest=row["finding_digest"],
        )
        for row in value
    )


def finding_digest(finding: Finding) -> str:
    """Return the digest of what is accepted when a finding is waived.

    It covers the check, its status and each item that does not hold, so that another failure of
    the same check is not covered by an old waiver.
    """
    items = sorted(
        (item.name, item.status.value) for item in finding.items if item.status in WAIVABLE
    )
    text = json.dumps([finding.check, finding.status.value, items], ensure_ascii=False)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def apply(
    findings: Sequence[Finding], waivers: Iterable[Waiver], today: date
) -> tuple[tuple[Finding, ...], tuple[WaiverUse, ...]]:
    """Return the findings with their waivers, and what became of each waiver."""
    by_check = {finding.check: finding for finding in findings}
    uses = tuple(
        WaiverUse(waiver, _state(waiver, by_check.get(waiver.check), today)) for waiver in waivers
    )
    covering = {
        use.waiver.check: AppliedWaiver(
            use.waiver.reason, use.waiver.approver, last_day(use.waiver)
        )
        for use in uses
        if use.state in ("active", "expiring")
    }
    covered = tuple(replace(finding, waiver=covering.get(finding.check)) for finding in findings)
    return covered, uses


def last_day(waiver: Waiver) -> date:
    """Return the last day on which a waiver counts: an end that was written later does not."""
    return min(waiver.expires, waiver.created + timedelta(days=LONGEST_DAYS))


def _state(waiver: Waiver, finding: Finding | None, today: date) -> str:
    if finding is None or finding.status not in WAIVABLE:
        return "unmatched"
    if last_day(waiver) < today:
        return "expired"
    if waiver.created > today or waiver.finding_digest != finding_digest(finding):
        return "stale"
    ending = last_day(waiver) - today <= timedelta(days=EXPIRING_DAYS)
    return "expiring" if ending else "active"
