"""Tests of the facts that people answer for."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from typing import Any

import pytest

from readyctl.clients.failures import SourceFailure
from readyctl.config.environment import Settings
from readyctl.errors import ConfigError
from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers.people import attestations, recorded_runs, waivers

Observed = Callable[[FactSpec], Any]

_RUN = {
    "kind": "load",
    "passed": True,
    "finished_at": "2026-01-02T03:04:05Z",
    "environment": "production",
    "target_digest": "abc",
    "users": 100,
    "detail": "p95 300 ms",
}


def _attest(settings: Settings, evidence: str, digest: str) -> None:
    settings.attestations.mkdir()
    (settings.attestations / "twilio.yaml").write_text(
        "check: baa-vendors\nsubject: Twilio\nsigner: J. Doe\nstatement: In force.\n"
        "scope: Video\nsigned: 2026-01-31\nexpires: 2027-01-30\n"
        f"evidence: {evidence}\nevidence_sha256: {digest}\n"
    )


def test_attestation(observed: Observed, settings: Settings) -> None:
    """An attestation comes with its days and the state of its evidence."""
    (settings.root / "baa.pdf").write_bytes(b"signed")
    digest = hashlib.sha256(b"signed").hexdigest()
    _attest(settings, "baa.pdf", digest)
    assert observed(attestations) == [
        {
            "check": "baa-vendors",
            "subject": "Twilio",
            "signer": "J. Doe",
            "statement": "In force.",
            "scope": "Video",
            "signed": "2026-01-31",
            "expires": "2027-01-30",
            "evidence": "baa.pdf",
            "evidence_sha256": digest,
            "evidence_state": "present",
        }
    ]


@pytest.mark.parametrize(
    ("evidence", "state"),
    [("gone.pdf", "missing"), ("baa.pdf", "changed"), ("https://example.org/baa", "present")],
)
def test_evidence_state(observed: Observed, settings: Settings, evidence: str, state: str) -> None:
    """Evidence that is gone or changed shows; an address rests on the signer's word."""
    (settings.root / "baa.pdf").write_bytes(b"another")
    _attest(settings, evidence, "a" * 64)
    assert observed(attestations)[0]["evidence_state"] == state


def test_malformed_attestation(observed: Observed, settings: Settings) -> None:
    """A malformed attestation stops the audit rather than being skipped."""
    settings.attestations.mkdir()
    (settings.attestations / "a.yaml").write_text("check: baa-vendors\n")
    with pytest.raises(ConfigError):
        observed(attestations)


def test_waivers(observed: Observed, settings: Settings) -> None:
    """A waiver comes with its days and the digest of what was accepted."""
    waiver = {
        "check": "aurora-reader",
        "reason": "Until May.",
        "approver": "J. Doe",
        "created": "2026-01-31",
        "expires": "2026-03-31",
        "finding_digest": "sha256:" + "b" * 64,
    }
    settings.waivers.write_text(json.dumps([waiver]))
    assert observed(waivers) == [waiver]


def test_runs(observed: Observed, settings: Settings) -> None:
    """Recorded runs are read as they are."""
    settings.test_runs.mkdir()
    (settings.test_runs / "a.json").write_text(json.dumps(_RUN))
    assert observed(recorded_runs) == [_RUN]


@pytest.mark.parametrize("text", ["{", "[]", '{"kind": "load"}', "5"])
def test_broken_run(observed: Observed, settings: Settings, text: str) -> None:
    """A record that cannot be read is not a run that passed."""
    settings.test_runs.mkdir()
    (settings.test_runs / "a.json").write_text(text)
    with pytest.raises(SourceFailure, match=r"a\.json is not a record of a run"):
        observed(recorded_runs)
