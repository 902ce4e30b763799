"""Says what may be attested and what may be waived, before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from difflib import get_close_matches

from readyctl.errors import UsageError
from readyctl.evaluate.waivers import LONGEST_DAYS, WAIVABLE, finding_digest
from readyctl.model.attestation import Attestation
from readyctl.model.check import AttestationRule, Check
from readyctl.model.finding import Finding
from readyctl.model.scorecard import Scorecard
from readyctl.model.waiver import Waiver


def rule_of(check: Check) -> AttestationRule:
    """Return how a check is attested.

    Raises:
        UsageError: E0110, nobody can vouch for it.
    """
    if check.judgement.attestation is None:
        raise UsageError(
            "E0110",
            f"{check.id} cannot be attested: it is decided by facts",
            hint=f"mend it (readyctl explain {check.id}), or accept the risk (readyctl waive add)",
        )
    return check.judgement.attestation


def refuse(attestation: Attestation, rule: AttestationRule, today: date) -> None:
    """Stop what would not count.

    Raises:
        UsageError: E0112, a day is impossible.
    """
    latest = attestation.signed + timedelta(days=rule.valid_days)
    problems = (
        (attestation.signed > today, f"it is signed in the future, on {attestation.signed}"),
        (attestation.expires < today, f"it ends in the past, on {attestation.expires}"),
        (attestation.expires < attestation.signed, "it ends before it begins"),
        (attestation.expires > latest, f"it may last {rule.valid_days} days, until {latest}"),
    )
    for holds, text in problems:
        if holds:
            raise UsageError(
                "E0112", "the attestation would not count", cause=text, hint="correct the days"
            )


def refuse_subject(check: Check, subject: str, known: Sequence[str]) -> None:
    """Stop a subject that the check does not have; `known` is empty where nobody knows them.

    Raises:
        UsageError: E0113, the subject is missing, superfluous or unknown.
    """
    each = rule_of(check).each
    listed = f"subjects: {', '.join(known)}" if known else ""
    if each and not subject:
        raise UsageError(
            "E0113", f"{check.id} is attested for each subject", cause=listed, hint="give --subject"
        )
    if subject and not each:
        raise UsageError("E0113", f"{check.id} has no subjects", hint="leave --subject out")
    if subject and known and subject not in known:
        near = get_close_matches(subject, known, n=1)
        hint = f'did you mean "{near[0]}"?' if near else "give one of them with --subject"
        raise UsageError("E0113", f"{check.id} has no subject {subject}", cause=listed, hint=hint)


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
