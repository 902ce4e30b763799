"""Findings: the one result of each check, with the evidence that it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from readyctl.model.check import Effort, Fix
from readyctl.model.status import Severity, Status


@dataclass(frozen=True, slots=True)
class Measure:
    """A counted ratio: `numerator` of `denominator` items hold."""

    numerator: int
    denominator: int

    @property
    def ratio(self) -> float:
        """In [0, 1]; 0 when there is nothing to count, for nothing is not evidence."""
        return self.numerator / self.denominator if self.denominator else 0.0


@dataclass(frozen=True, slots=True)
class Evidence:
    """The source of a finding: a fact, the calls behind it, and when they were made (UTC)."""

    fact: str
    source: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Item:
    """One thing that a check looked at. `where` is a file and line, when it has one."""

    name: str
    status: Status
    observed: str = ""
    expected: str = ""
    where: str = ""


@dataclass(frozen=True, slots=True)
class AppliedWaiver:
    """The accepted risk that covers a finding."""

    reason: str
    approver: str
    expires: date


@dataclass(frozen=True, slots=True)
class Finding:
    """The result of one check. `score` is in [0, 1], or None where nothing was decided.

    `message` says what was found, in one line; `cause` and `resolution` say why an open finding
    could not be decided and what would; `permission` is the IAM action it lacks, if any.
    """

    check: str
    title: str
    category: str
    severity: Severity
    status: Status
    message: str
    why: str
    score: float | None
    weight: int
    measure: Measure | None
    items: tuple[Item, ...]
    evidence: tuple[Evidence, ...]
    fix: Fix
    effort: Effort
    after: tuple[str, ...] = ()
    hipaa: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    cause: str = ""
    resolution: str = ""
    permission: str = ""
    strength: str = ""
    expires: date | None = None
    waiver: AppliedWaiver | None = None
    id: str = ""
