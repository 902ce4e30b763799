"""Records and lists what people vouch for; refuses what would not count."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from difflib import get_close_matches
from pathlib import Path

from readyctl.clients.files import read_bytes, sha256, shown
from readyctl.clients.people import load_attestations
from readyctl.config.environment import Settings
from readyctl.errors import UsageError
from readyctl.evaluate.attestations import uses
from readyctl.model.attestation import Attestation
from readyctl.model.check import AttestationRule, Check, Checklist
from readyctl.model.scorecard import AttestationUse

_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True, slots=True)
class Evidence:
    """A document: its path from the project's root, or its address, and its digest."""

    place: str
    sha256: str


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
