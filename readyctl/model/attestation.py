"""Attestations: what a person vouches for, until when, on which evidence."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Attestation:
    """A person's statement about a check, or about one `subject` of it (for example a vendor).

    Dates are UTC days; `expires` is the last valid day. `evidence` names the document (path or
    address) and `evidence_sha256` is the digest of its bytes. `scope` says what is covered.
    """

    check: str
    signer: str
    statement: str
    scope: str
    signed: date
    expires: date
    evidence: str
    evidence_sha256: str
    subject: str = ""
