"""The launch plan: what is left to do, in an order that can be followed."""

from __future__ import annotations

from dataclasses import dataclass

from readyctl.model.check import Effort
from readyctl.model.status import Severity, Status


@dataclass(frozen=True, slots=True)
class Task:
    """One step: closes the finding of `check`, after every task in `after` is done.

    `start_day` and `end_day` are 1-based working days under the high estimate.
    `waits_for_person` marks what needs a signature rather than work.
    """

    check: str
    title: str
    summary: str
    severity: Severity
    status: Status
    effort: Effort
    after: tuple[str, ...]
    commands: tuple[str, ...]
    phase: int
    start_day: int
    end_day: int
    critical: bool
    automated: bool
    waits_for_person: bool


@dataclass(frozen=True, slots=True)
class LaunchPlan:
    """Tasks in order of work, one total effort, one duration in working days."""

    tasks: tuple[Task, ...]
    effort: Effort
    days: tuple[int, int]
    people: int
    hours_per_day: float
    blockers: int
    undecided: int
    remaining: int
