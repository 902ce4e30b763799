"""Decides which attestations count: dates are UTC days, valid through their last day."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from readyctl.model.attestation import Attestation
from readyctl.model.check import AttestationRule
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.scorecard import AttestationUse
from readyctl.model.status import Status

EXPIRING_DAYS = 30


def attestations_of(value: Json) -> tuple[Attestation, ...]:
    """Return the attestations in the value of the fact `attestations`."""
    if not isinstance(value, list):
        raise TypeError("the fact attestations is not a list")
    return tuple(
        Attestation(
            check=row["check"],
            subject=row["subject"],
            signer=row["signer"],
            statement=row["statement"],
            scope=row["scope"],
            signed=date.fromisoformat(row["signed"]),
            expires=date.fromisoformat(row["expires"]),
            evidence=row["evidence"],
            evidence_sha256=row["evidence_sha256"],
        )
        for row in value
    )


def evidence_states(value: Json) -> Mapping[str, str]:
    """Return whether the document of each attestation is present, missing or changed."""
    if not isinstance(value, list):
        raise TypeError("the fact attestations is not a list")
    return {row["evidence"] + row["evidence_sha256"]: row["evidence_state"] for row in value}


def last_day(attestation: Attestation, valid_days: int) -> date:
    """Return the last day on which an attestation counts."""
    return min(attestation.expires, attestation.signed + timedelta(days=valid_days))


def problem(attestation: Attestation, valid_days: int, evidence_state: str, today: date) -> str:
    """Return why an attestation does not count today, or nothing."""
    if attestation.signed > today:
        return f"signed in the future, on {attestation.signed}"
    ends = last_day(attestation, valid_days)
    if ends < today:
        return f"expired on {ends}"
    if evidence_state != "present":
        return f"its evidence {attestation.evidence} is {evidence_state}"
    return ""


def attested_item(
    name: str,
    rule: AttestationRule,
    candidates: Iterable[Attestation],
    states: Mapping[str, str],
    today: date,
) -> Item:
    """Return the item for one subject: passed when somebody's valid word covers it."""
    problems = []
    for entry in sorted(candidates, key=lambda entry: entry.expires, reverse=True):
        state = states.get(entry.evidence + entry.evidence_sha256, "missing")
        reason = problem(entry, rule.valid_days, state, today)
        if not reason:
            ends = last_day(entry, rule.valid_days)
            observed = f"attested by {entry.signer}, until {ends}, {entry.evidence}"
            return Item(name, Status.PASS, observed, rule.statement)
        problems.append(reason)
    return Item(
        name,
        Status.REVIEW,
        "; ".join(problems) or "under review: nobody has attested it",
        rule.statement,
    )


def uses(
    attestations: Iterable[Attestation],
    states: Mapping[str, str],
    rules: Mapping[str, AttestationRule],
    today: date,
) -> tuple[AttestationUse, ...]:
    """Return what became of each attestation."""
    return tuple(
        AttestationUse(entry, _state(entry, states, rules.get(entry.check), today))
        for entry in attestations
    )


def _state(
    entry: Attestation, states: Mapping[str, str], rule: AttestationRule | None, today: date
) -> str:
    if rule is None:
        return "unmatched"
    ends = last_day(entry, rule.valid_days)
    if ends < today:
        return "expired"
    if problem(
        entry, rule.valid_days, states.get(entry.evidence + entry.evidence_sha256, "missing"), today
    ):
        return "stale"
    return "expiring" if ends - today <= timedelta(days=EXPIRING_DAYS) else "valid"
