"""Literal facts, checks and findings for the tests of judging."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime

from readyctl.model.check import (
    AttestationRule,
    Category,
    Check,
    Checklist,
    Condition,
    Coverage,
    Effort,
    Fix,
    Judgement,
    WhenEmpty,
)
from readyctl.model.fact import Fact, FactSet, Provenance, Reason, Target, Unavailable
from readyctl.model.json import Json
from readyctl.model.status import Severity

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)
WEIGHTS = {Severity.BLOCKER: 8, Severity.HIGH: 4, Severity.MEDIUM: 2, Severity.LOW: 1}
PROVENANCE = Provenance("test:Call", "000000000000", "us-east-1", NOW)


def facts(values: Mapping[str, Json], missing: Mapping[str, str] | None = None) -> FactSet:
    """Facts with these values; `missing` maps unavailable facts to the permission they lack."""
    found: dict[str, Fact | Unavailable] = {
        "attestations": Fact("attestations", [], PROVENANCE),
        "waivers": Fact("waivers", [], PROVENANCE),
    }
    found |= {name: Fact(name, value, PROVENANCE) for name, value in values.items()}
    for name, permission in (missing or {}).items():
        found[name] = Unavailable(
            name, Reason.DENIED, f"{name} was denied", PROVENANCE, permission, f"allow {permission}"
        )
    return FactSet(Target("clinic", "test", "000000000000", "us-east-1"), NOW, found, "0.0.0")


def check(
    name: str = "things-good",
    *,
    judgement: Judgement | None = None,
    severity: Severity = Severity.BLOCKER,
    category: str = "things",
    after: Sequence[str] = (),
    effort: tuple[float, float] = (1.0, 2.0),
    needs: Sequence[str] = ("things",),
) -> Check:
    """A check over the fact `things`: each must be good."""
    return Check(
        id=name,
        title="All {total} things are good",
        fail_title="{failed} of {total} things are bad: {first}",
        category=category,
        severity=severity,
        why="Bad things happen.",
        facts=tuple(needs),
        judgement=judgement or good_things(),
        fix=Fix("Make them good."),
        effort=Effort(*effort),
        examples=(),
        after=tuple(after),
    )


def good_things(when_empty: WhenEmpty = WhenEmpty.FAIL, *, by_ratio: bool = False) -> Judgement:
    """Each of the selected things must be good."""
    return Judgement(
        select="things",
        condition=Condition(path="good", op="equals", value=True),
        when_empty=when_empty,
        by_ratio=by_ratio,
    )


def coverage() -> Judgement:
    """Each wanted name must be present."""
    return Judgement(coverage=Coverage("things.wanted", "things.present"), by_ratio=True)


def attested(each: str = "", valid_days: int = 365) -> Judgement:
    """A person must vouch."""
    return Judgement(attestation=AttestationRule("It is signed.", each, valid_days))


def attestation(name: str = "things-good", **changes: str) -> dict[str, Json]:
    """A valid row of the fact `attestations`."""
    return {
        "check": name,
        "subject": "",
        "signer": "J. Doe",
        "statement": "It is signed.",
        "scope": "all",
        "signed": "2026-06-01",
        "expires": "2027-05-31",
        "evidence": "baa.pdf",
        "evidence_sha256": "0" * 64,
        "evidence_state": "present",
        **changes,
    }


def checklist(*checks: Check) -> Checklist:
    """A checklist of these checks in one category each."""
    categories = dict.fromkeys(check.category for check in checks)
    return Checklist(
        version="test",
        categories=tuple(Category(name, name.title()) for name in categories),
        weights=WEIGHTS,
        checks=checks,
    )
