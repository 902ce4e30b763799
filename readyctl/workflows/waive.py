"""Accepts risks: exactly the finding of the last audit, for a while, by somebody."""

from __future__ import annotations

from datetime import date, timedelta

from readyctl.clients.people import load_waivers
from readyctl.clients.signing import add_waiver
from readyctl.config.environment import Settings
from readyctl.errors import UsageError
from readyctl.evaluate.waivers import WAIVABLE, finding_digest
from readyctl.model.finding import Finding
from readyctl.model.scorecard import Scorecard
from readyctl.model.waiver import Waiver

LONGEST_DAYS = 90


def waivable(card: Scorecard, check: str) -> Finding:
    """Return the finding of the last audit that can be accepted.

    Raises:
        UsageError: E0120, the last audit has no such finding, or it needs no waiver.
    """
    finding = next((found for found in card.findings if found.check == check), None)
    if finding is None:
        raise UsageError(
            "E0120",
            f"the last audit has no finding of {check}",
            hint="run `readyctl audit`; `readyctl check list` shows the checks",
        )
    if finding.status not in WAIVABLE:
        raise UsageError(
            "E0120",
            f"{check} needs no waiver",
            cause=f"its last finding is {finding.status.value}",
            hint="only what fails or is undecided can be accepted",
        )
    return finding


def waiver_for(
    finding: Finding, *, reason: str, approver: str, expires: date, today: date
) -> Waiver:
    """Return the waiver of a finding.

    Raises:
        UsageError: E0121, it would end in the past or too late.
    """
    latest = today + timedelta(days=LONGEST_DAYS)
    if not today <= expires <= latest:
        raise UsageError(
            "E0121",
            f"a waiver cannot end on {expires}",
            cause=f"it lasts {LONGEST_DAYS} days at most: from {today} to {latest}",
            hint="give --expires within these days",
        )
    return Waiver(finding.check, reason, approver, today, expires, finding_digest(finding))


def refuse_second(settings: Settings, check: str) -> None:
    """Stop a second waiver of one check.

    Raises:
        UsageError: E0122, there is one.
    """
    if any(waiver.check == check for waiver in load_waivers(settings.waivers)):
        raise UsageError(
            "E0122",
            f"{check} is waived already",
            where=str(settings.waivers),
            hint=f"withdraw the old one first: readyctl waive revoke {check}",
        )


def record(settings: Settings, waiver: Waiver) -> None:
    """Write the waiver into the list of waivers."""
    add_waiver(settings.waivers, waiver)
