"""Facts that people answer for: attestations, waivers, and the recorded runs of tests."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TypedDict

from readyctl.clients.failures import SourceFailure
from readyctl.clients.files import read_bytes, read_text, sha256
from readyctl.clients.people import load_attestations, load_waivers
from readyctl.gather.base import Sources, fact
from readyctl.model.attestation import Attestation
from readyctl.model.fact import Reason


class SignedAttestation(TypedDict):
    """An attestation; `evidence_state` is present, missing or changed (its digest differs).

    An address is not fetched: it counts as present, on the signer's word.
    """

    check: str
    subject: str
    signer: str
    statement: str
    scope: str
    signed: str
    expires: str
    evidence: str
    evidence_sha256: str
    evidence_state: str


class SignedWaiver(TypedDict):
    """A waiver; dates are UTC days."""

    check: str
    reason: str
    approver: str
    created: str
    expires: str
    finding_digest: str


class RecordedRun(TypedDict):
    """A finished run; `target_digest` says what was deployed, `users` how many took part."""

    kind: str
    passed: bool
    finished_at: str
    environment: str
    target_digest: str
    users: int
    detail: str


@fact("attestations", origin="people")
def attestations(sources: Sources) -> list[SignedAttestation]:
    """What people vouch for, and whether the evidence is what they signed."""
    settings = sources.settings
    return [
        SignedAttestation(
            check=entry.check,
            subject=entry.subject,
            signer=entry.signer,
            statement=entry.statement,
            scope=entry.scope,
            signed=entry.signed.isoformat(),
            expires=entry.expires.isoformat(),
            evidence=entry.evidence,
            evidence_sha256=entry.evidence_sha256,
            evidence_state=_evidence_state(entry, settings.root),
        )
        for entry in load_attestations(settings.attestations)
    ]


@fact("waivers", origin="people")
def waivers(sources: Sources) -> list[SignedWaiver]:
    """Which findings were accepted, by whom, and until when."""
    return [
        SignedWaiver(
            check=entry.check,
            reason=entry.reason,
            approver=entry.approver,
            created=entry.created.isoformat(),
            expires=entry.expires.isoformat(),
            finding_digest=entry.finding_digest,
        )
        for entry in load_waivers(sources.settings.waivers)
    ]


@fact("test_runs", origin="people")
def recorded_runs(sources: Sources) -> list[RecordedRun]:
    """Recorded runs of the smoke, load and other tests, in the order of their files."""
    return [_recorded_run(path) for path in sorted(sources.settings.test_runs.glob("*.json"))]


def _recorded_run(path: Path) -> RecordedRun:
    try:
        run = json.loads(read_text(path))
        return RecordedRun(
            kind=run["kind"],
            passed=run["passed"],
            finished_at=run["finished_at"],
            environment=run["environment"],
            target_digest=run["target_digest"],
            users=run.get("users", 0),
            detail=run.get("detail", ""),
        )
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        raise SourceFailure(
            Reason.UNPARSABLE,
            f"the test run {path.name} is not a record of a run",
            where=str(path),
            resolution="remove the file, and run the test again",
        ) from None


def _evidence_state(entry: Attestation, root: Path) -> str:
    if "://" in entry.evidence:
        return "present"
    path = root / entry.evidence
    if not path.is_file():
        return "missing"
    return "present" if sha256(read_bytes(path)) == entry.evidence_sha256 else "changed"
