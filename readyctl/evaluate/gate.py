"""The gate: the verdict comes from blockers, never from a percentage."""

from __future__ import annotations

from collections.abc import Sequence

from readyctl.model.finding import Finding
from readyctl.model.scorecard import Gate
from readyctl.model.status import Severity, Status, Verdict


def gate(findings: Sequence[Finding]) -> Gate:
    """Return the verdict.

    NO-GO while a blocker fails or is undecided, and also while no blocker passes, since nothing
    that was looked at is no reason to launch. GO WITH WAIVERS when waivers cover all of them.
    """
    blockers = [finding for finding in findings if finding.severity is Severity.BLOCKER]
    unresolved = [
        finding for finding in blockers if finding.status is Status.FAIL or finding.status.undecided
    ]
    waived = tuple(finding.check for finding in unresolved if finding.waiver)
    standing = [finding for finding in unresolved if not finding.waiver]
    assessed = any(finding.status is Status.PASS for finding in blockers)
    return Gate(
        verdict=_verdict(bool(standing) or not assessed, bool(waived)),
        failing=tuple(f.check for f in standing if f.status is Status.FAIL),
        undecided=tuple(f.check for f in standing if f.status.undecided),
        waived=waived,
    )


def _verdict(shut: bool, waived: bool) -> Verdict:
    if shut:
        return Verdict.NO_GO
    return Verdict.GO_WITH_WAIVERS if waived else Verdict.GO
