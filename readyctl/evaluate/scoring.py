"""The whole scoring policy: weights, ranges, tallies. Nothing else computes a number."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from math import floor

from readyctl.model.check import Category
from readyctl.model.finding import Finding
from readyctl.model.scorecard import CategoryScore, Score, Tally
from readyctl.model.status import Status


def counts(finding: Finding) -> bool:
    """Whether a finding counts towards readiness: waived and not applicable ones leave the sum."""
    return (
        finding.waiver is None
        and finding.weight > 0
        and (finding.status.scored or finding.status.undecided)
    )


def score(findings: Iterable[Finding]) -> Score:
    """Return readiness as a range over the findings that count.

    A pass scores 1, a failure its measured ratio or 0; what is undecided has no score and is
    taken as 0 for the low end and as 1 for the high end.
    """
    counted = [finding for finding in findings if counts(finding)]
    weight = sum(finding.weight for finding in counted)
    unscored = sum(finding.weight for finding in counted if finding.score is None)
    points = sum(finding.weight * (finding.score or 0.0) for finding in counted)
    return Score(
        points=points,
        weight=weight,
        unscored=unscored,
        low=_percent(points, weight),
        high=_percent(points + unscored, weight),
        assessed=_percent(weight - unscored, weight),
    )


def _percent(part: float, whole: int) -> int:
    # The tiny term undoes binary rounding such as 0.29 * 100 = 28.999...; it cannot reach 100,
    # because a part short of the whole is short by far more.
    return floor(part / whole * 100 + 1e-9) if whole else 0


def tally(findings: Iterable[Finding]) -> Tally:
    """Count findings by status; a waived finding is counted as waived only."""
    every = list(findings)
    statuses = [finding.status for finding in every if finding.waiver is None]
    return Tally(
        passed=statuses.count(Status.PASS),
        failed=statuses.count(Status.FAIL),
        open=statuses.count(Status.OPEN),
        review=statuses.count(Status.REVIEW),
        not_applicable=statuses.count(Status.NOT_APPLICABLE),
        informational=statuses.count(Status.INFORMATIONAL),
        waived=len(every) - len(statuses),
    )


def categories(
    declared: Sequence[Category], findings: Sequence[Finding]
) -> tuple[CategoryScore, ...]:
    """Return one row for each category that has a finding, in the order of the checklist."""
    rows = []
    for category in declared:
        own = [finding for finding in findings if finding.category == category.id]
        if own:
            total = score(own)
            rows.append(
                CategoryScore(
                    category.id, category.title, total if total.weight else None, tally(own)
                )
            )
    return tuple(rows)
