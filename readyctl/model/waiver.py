"""Waivers: risks that somebody accepted, with a reason and an end."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True, slots=True)
class Waiver:
    """An accepted failure or gap of one check; `expires` is the last valid UTC day.

    `finding_digest` is the digest of the finding that was accepted; when the finding has become
    worse or different, the waiver is stale and no longer covers it.
    """

    check: str
    reason: str
    approver: str
    created: date
    expires: date
    finding_digest: str
