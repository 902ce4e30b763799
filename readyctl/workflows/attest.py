"""Finds the evidence of what people vouch for, and says what became of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from readyctl.clients.files import read_bytes, sha256, shown
from readyctl.clients.people import load_attestations
from readyctl.config.environment import Settings
from readyctl.errors import UsageError
from readyctl.evaluate.attestations import uses
from readyctl.model.attestation import Attestation
from readyctl.model.check import Checklist
from readyctl.model.scorecard import AttestationUse

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document: its path from the project's root, or its address, and its digest."""

    place: str
    sha256: str


def evidence_of(settings: Settings, given: str, digest: str, cwd: Path) -> Evidence:
    """Return the evidence that was given; a file is read for its digest.

    Raises:
        UsageError: E0111, an address has no digest: it is not fetched.
        ConfigError: the file cannot be read.
    """
    if "://" in given:
        if not _DIGEST.fullmatch(digest):
            raise UsageError(
                "E0111",
                "evidence at an address needs the digest of the document",
                hint="give --sha256, as `sha256sum FILE` prints it",
            )
        return Evidence(given, digest)
    path = (cwd / given).resolve()
    return Evidence(shown(path, settings.root.resolve()), sha256(read_bytes(path)))


def attestation_path(settings: Settings, check: str, subject: str) -> Path:
    """Return where a new attestation is written."""
    slug = re.sub(r"[^a-z0-9]+", "-", subject.lower()).strip("-")
    # A name without a letter of ours still needs a file of its own.
    suffix = slug or (sha256(subject.encode())[:8] if subject else "")
    return settings.attestations / f"{'-'.join(filter(None, (check, suffix)))}.yaml"


def attestations(
    settings: Settings, checklist: Checklist, today: date
) -> tuple[AttestationUse, ...]:
    """Return what people have vouched for, and what became of it."""
    entries = load_attestations(settings.attestations)
    states = {e.evidence + e.evidence_sha256: _state(e, settings.root) for e in entries}
    rules = {c.id: c.judgement.attestation for c in checklist.checks if c.judgement.attestation}
    return uses(entries, states, rules, today)


def _state(entry: Attestation, root: Path) -> str:
    path = root / entry.evidence
    if "://" in entry.evidence:
        return "present"
    if not path.is_file():
        return "missing"
    return "present" if sha256(read_bytes(path)) == entry.evidence_sha256 else "changed"
