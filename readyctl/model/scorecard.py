"""The scorecard: findings, scores, verdict and plan of one audit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

from readyctl.model.attestation import Attestation
from readyctl.model.fact import Target
from readyctl.model.finding import Finding
from readyctl.model.plan import LaunchPlan
from readyctl.model.status import Verdict
from readyctl.model.waiver import Waiver

SCORECARD_SCHEMA: Final = "readyctl.scorecard/1"


@dataclass(frozen=True, slots=True)
class Score:
    """Readiness as a range: `points` of `weight` earned; `unscored` weight could still be earned.

    `low` counts what is undecided as 0, `high` as 1; `assessed` is the share that was decided.
    All three are whole percentages, floored, so that 100 means everything.
    """

    points: float
    weight: int
    unscored: int
    low: int
    high: int
    assessed: int


@dataclass(frozen=True, slots=True)
class Tally:
    """How many findings have which status; waived ones are counted apart."""

    passed: int = 0
    failed: int = 0
    open: int = 0
    review: int = 0
    not_applicable: int = 0
    informational: int = 0
    waived: int = 0

    @property
    def applicable(self) -> int:
        """Findings that count towards readiness."""
        return self.passed + self.failed + self.open + self.review


@dataclass(frozen=True, slots=True)
class CategoryScore:
    """One row of the scorecard; `score` is None when nothing applies."""

    id: str
    title: str
    score: Score | None
    tally: Tally


@dataclass(frozen=True, slots=True)
class Gate:
    """The verdict and what it rests on: ids of checks."""

    verdict: Verdict
    failing: tuple[str, ...]
    undecided: tuple[str, ...]
    waived: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WaiverUse:
    """What became of a waiver: `state` is active, expiring, expired, stale or unmatched."""

    waiver: Waiver
    state: str


@dataclass(frozen=True, slots=True)
class AttestationUse:
    """What became of an attestation: `state` is valid, expiring, expired, stale or unmatched."""

    attestation: Attestation
    state: str


@dataclass(frozen=True, slots=True)
class Header:
    """What, where, when and with what an audit was made."""

    target: Target
    audited_at: datetime
    tool_version: str
    commit: str
    checklist_version: str
    checklist_digest: str
    facts_digest: str
    facts_available: int
    facts_unavailable: int


@dataclass(frozen=True, slots=True)
class InventoryRow:
    """Functions of one domain: how many are declared, written in source, deployed."""

    domain: str
    declared: int
    written: int | None
    deployed: int | None


@dataclass(frozen=True, slots=True)
class FactLine:
    """One line of the appendix: a fact, its source, and why it is missing if it is."""

    name: str
    source: str
    observed_at: datetime
    available: bool
    message: str = ""
    permission: str = ""


@dataclass(frozen=True, slots=True)
class Expiry:
    """Something that ends within 30 days."""

    kind: str
    name: str
    expires: date


@dataclass(frozen=True, slots=True)
class Scorecard:
    """Everything that the reports show; each number is derived from `findings` once.

    `disabled` names the checks that the config leaves out, `replaced` the bundled ones that checks
    of the user's own stand for. `selected` is empty unless the audit was asked for some checks
    only, in which case it cannot open the launch gate.
    """

    header: Header
    gate: Gate
    score: Score
    tally: Tally
    categories: tuple[CategoryScore, ...]
    findings: tuple[Finding, ...]
    plan: LaunchPlan
    waivers: tuple[WaiverUse, ...]
    attestations: tuple[AttestationUse, ...]
    inventory: tuple[InventoryRow, ...]
    facts: tuple[FactLine, ...]
    expiring: tuple[Expiry, ...] = ()
    disabled: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    selected: tuple[str, ...] = ()
