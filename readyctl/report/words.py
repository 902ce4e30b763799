"""The words, signs and number formats that every report shares."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from enum import StrEnum
from types import MappingProxyType

from readyctl.errors import InternalError
from readyctl.model.check import Effort
from readyctl.model.finding import Evidence, Finding
from readyctl.model.plan import LaunchPlan
from readyctl.model.scorecard import CategoryScore, Score, Tally
from readyctl.model.status import Severity, Status, Verdict


class Label(StrEnum):
    """What a finding is called in a report: its status, or that its risk was accepted."""

    FAIL = "Fail"
    UNKNOWN = "Unknown"
    ATTEST = "Attest"
    WAIVED = "Waived"
    PASS = "Pass"  # noqa: S105 - the word of a status, not a password
    NOT_APPLICABLE = "N/A"
    INFORMATIONAL = "Info"

    @property
    def rank(self) -> int:
        """0 for what needs attention first."""
        return list(Label).index(self)


LABELS: Mapping[Status, Label] = MappingProxyType(
    {
        Status.PASS: Label.PASS,
        Status.FAIL: Label.FAIL,
        Status.OPEN: Label.UNKNOWN,
        Status.REVIEW: Label.ATTEST,
        Status.NOT_APPLICABLE: Label.NOT_APPLICABLE,
        Status.INFORMATIONAL: Label.INFORMATIONAL,
    }
)
EMOJI: Mapping[Label, str] = MappingProxyType(
    {
        Label.FAIL: "❌",
        Label.UNKNOWN: "❔",
        Label.ATTEST: "✍️",
        Label.WAIVED: "⚠️",
        Label.PASS: "✅",
        Label.NOT_APPLICABLE: "\N{HEAVY MINUS SIGN}",
        Label.INFORMATIONAL: "💬",
    }
)
SEVERITY_WORDS: Mapping[Severity, str] = MappingProxyType(
    {
        Severity.BLOCKER: "blocker",
        Severity.HIGH: "high",
        Severity.MEDIUM: "medium",
        Severity.LOW: "low",
    }
)
RECOMMENDATIONS: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.GO: "Ready to launch",
        Verdict.GO_WITH_WAIVERS: "Ready to launch, with risks that somebody accepted",
        Verdict.NO_GO: "Do not launch yet",
    }
)


def label(finding: Finding) -> Label:
    """Return the word for a finding.

    Raises:
        InternalError: the status is outside the closed vocabulary.
    """
    if finding.status not in LABELS:
        raise InternalError("E0920", f"unknown status {finding.status!r}", where=finding.check)
    return Label.WAIVED if finding.waiver else LABELS[finding.status]


def heading(finding: Finding) -> str:
    """Return the title of a finding, in words that do not claim what was not shown."""
    if finding.status is Status.OPEN:
        return f"Not known: {finding.title}"
    if finding.status is Status.REVIEW:
        return f"To be confirmed: {finding.title}"
    return finding.title


def known(count: int | None) -> str:
    """Return a count, or that it is unknown."""
    return "unknown" if count is None else str(count)


def known_sum(counts: Sequence[int | None]) -> str:
    """Return the sum of counts, or that it is unknown as soon as one of them is."""
    numbers = [count for count in counts if count is not None]
    return known(sum(numbers) if len(numbers) == len(counts) else None)


def category_label(category: CategoryScore) -> Label:
    """Return the word for a whole category: that of its worst finding."""
    tally = category.tally
    counts = (
        (tally.failed, Label.FAIL),
        (tally.open, Label.UNKNOWN),
        (tally.review, Label.ATTEST),
        (tally.waived, Label.WAIVED),
        (tally.passed, Label.PASS),
    )
    return next((word for count, word in counts if count), Label.NOT_APPLICABLE)


def plural(count: int, noun: str, nouns: str = "") -> str:
    """Return `count` with its noun, as in "1 check" or "3 checks"."""
    return f"{count} {noun if count == 1 else nouns or noun + 's'}"


def joined(failing: int, undecided: int) -> str:
    """Return how many blockers fail or are unresolved, naming no zero beside a count."""
    parts = [f"{failing} fail"] if failing or not undecided else []
    return ", ".join([*parts, f"{undecided} unresolved"] if undecided else parts)


def clause(text: str) -> str:
    """Return a sentence without its full stop, for use within another."""
    return text.rstrip(". ")


def masked_account(account: str) -> str:
    """Return an account id with all but its last four digits hidden."""
    return f"****{account[-4:]}" if len(account) > 4 else "****"


def moment(time: datetime) -> str:
    """Return a time as a UTC minute."""
    return time.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def span(low: float, high: float) -> str:
    """Return a range of numbers, or one number where there is no range."""
    first, last = f"{round(low, 2):g}", f"{round(high, 2):g}"
    return first if first == last else f"{first} to {last}"


def hours(effort: Effort) -> str:
    """Return an effort in hours."""
    return f"{span(effort.low, effort.high)} h"


def duration(plan: LaunchPlan) -> str:
    """Return the one duration of a plan, in working days; every report takes it from here."""
    low, high = plan.days
    return f"{span(low, high)} {'day' if high == 1 else 'days'}"


def staffing(plan: LaunchPlan) -> str:
    """Return who does the work of a plan."""
    people = "one person" if plan.people == 1 else f"{plan.people} people"
    return f"{people} at {plan.hours_per_day:g} h a day"


def readiness(score: Score | None) -> str:
    """Return a readiness range in percent, or one figure where everything was assessed."""
    return "-" if score is None else f"{span(score.low, score.high)}%"


def percent(finding: Finding) -> str:
    """Return the floored score of a finding, or nothing where it has none."""
    if finding.score is None:
        return ""
    if finding.measure and finding.measure.denominator and 0 < finding.score < 1:
        return f"{100 * finding.measure.numerator // finding.measure.denominator}%"
    # 0.29 * 100 is 28.999999999999996.
    return f"{math.floor(round(finding.score * 100, 6))}%"


def ratio(tally: Tally) -> str:
    """Return what passes of what applies."""
    return f"{tally.passed}/{tally.applicable}" if tally.applicable else "-"


def sources(evidence: tuple[Evidence, ...]) -> tuple[str, ...]:
    """Return the calls and files behind a finding, each once."""
    return tuple(dict.fromkeys(item.source or item.fact for item in evidence))
