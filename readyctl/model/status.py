"""The closed vocabularies: status of a finding, severity of a check, verdict of an audit."""

from __future__ import annotations

from enum import StrEnum


class Status(StrEnum):
    """The result of a check; the values are SARIF 2.1.0 result kinds (section 3.27.9)."""

    PASS = "pass"
    FAIL = "fail"
    OPEN = "open"
    REVIEW = "review"
    NOT_APPLICABLE = "notApplicable"
    INFORMATIONAL = "informational"

    @property
    def undecided(self) -> bool:
        """Whether nobody, tool or person, has decided yet."""
        return self in (Status.OPEN, Status.REVIEW)

    @property
    def scored(self) -> bool:
        """Whether the status carries a score of its own."""
        return self in (Status.PASS, Status.FAIL)


class Severity(StrEnum):
    """How much a failing check matters; a blocker keeps the gate shut."""

    BLOCKER = "blocker"
    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"

    @property
    def rank(self) -> int:
        """0 for the most severe."""
        return list(Severity).index(self)


class Verdict(StrEnum):
    """The answer of the gate."""

    GO = "GO"
    GO_WITH_WAIVERS = "GO WITH WAIVERS"
    NO_GO = "NO-GO"
