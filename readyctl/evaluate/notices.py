"""Findings about waivers and attestations that no longer count, or soon will not.

They carry no weight: the check that loses its cover is judged by itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from readyctl.evaluate.waivers import last_day
from readyctl.model.check import Effort, Fix
from readyctl.model.finding import Finding
from readyctl.model.scorecard import AttestationUse, WaiverUse
from readyctl.model.status import Severity, Status

_MEANING = {
    "expired": "ended on {expires}",
    "expiring": "ends on {expires}",
    "stale": "no longer fits what it was given for",
    "unmatched": "belongs to nothing in this audit",
}


def notices(
    waivers: Sequence[WaiverUse], attestations: Sequence[AttestationUse]
) -> tuple[Finding, ...]:
    """Return an informational finding for each entry that is not simply in force."""
    found = [
        _notice("waiver", use.waiver.check, use.waiver.approver, use.state, last_day(use.waiver))
        for use in waivers
    ] + [
        _notice(
            "attestation",
            "/".join(filter(None, (use.attestation.check, use.attestation.subject))),
            use.attestation.signer,
            use.state,
            use.attestation.expires,
        )
        for use in attestations
    ]
    return tuple(finding for finding in found if finding)


def _notice(kind: str, name: str, person: str, state: str, expires: date) -> Finding | None:
    if state not in _MEANING:
        return None
    verb = "attest add" if kind == "attestation" else "waive add"
    return Finding(
        check=f"{kind}:{name}",
        title=f"The {kind} of {name} is {state}",
        category="compliance",
        severity=Severity.MEDIUM,
        status=Status.INFORMATIONAL,
        message=f"The {kind} of {name} by {person} {_MEANING[state].format(expires=expires)}",
        why=f"An {kind} that is out of date covers nothing."
        if kind == "attestation"
        else "A waiver that is out of date covers nothing.",
        score=None,
        weight=0,
        measure=None,
        items=(),
        evidence=(),
        fix=Fix(
            f"Renew or remove the {kind}.", (f"readyctl {verb} {name.split('/', maxsplit=1)[0]}",)
        ),
        effort=Effort(0.1, 0.5),
        expires=expires,
        id=f"{kind}:{name}",
    )
