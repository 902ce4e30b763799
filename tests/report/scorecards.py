"""Literal scorecards for the report tests; numbers come from the real scoring and planner."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from readyctl.evaluate.gate import gate
from readyctl.evaluate.planner import plan
from readyctl.evaluate.scoring import categories, score, tally
from readyctl.model.attestation import Attestation
from readyctl.model.check import Category, Effort, Fix
from readyctl.model.fact import Target
from readyctl.model.finding import AppliedWaiver, Evidence, Finding, Item, Measure
from readyctl.model.scorecard import (
    AttestationUse,
    Expiry,
    FactLine,
    Header,
    InventoryRow,
    Scorecard,
    WaiverUse,
)
from readyctl.model.status import Severity, Status
from readyctl.model.waiver import Waiver

AUDITED = datetime(2026, 8, 22, 10, 0, tzinfo=UTC)
CATEGORIES = (
    Category("infrastructure", "Infrastructure"),
    Category("backend", "Backend"),
    Category("telehealth", "Telehealth"),
    Category("database", "Database"),
    Category("integrations", "Integrations"),
    Category("compliance", "Security & compliance"),
    Category("monitoring", "Monitoring"),
    Category("documentation", "Documentation"),
)
_RECORDERS = "config:DescribeConfigurationRecorders"
_WEIGHTS = {Severity.BLOCKER: 8, Severity.HIGH: 4, Severity.MEDIUM: 2, Severity.LOW: 1}
_SCORES = {Status.PASS: 1.0, Status.FAIL: 0.0}
_SIGNED = Attestation(
    check="baa-aws",
    signer="J. Doe",
    statement="A signed BAA with AWS is on file",
    scope="account ****4821, all eligible services",
    signed=date(2026, 3, 1),
    expires=date(2027, 3, 1),
    evidence="contracts/aws-baa.pdf",
    evidence_sha256="sha256:" + "ab" * 32,
)


def finding(
    check: str,
    status: Status,
    *,
    category: str = "backend",
    severity: Severity = Severity.BLOCKER,
    title: str = "",
    message: str = "",
    measure: tuple[int, int] | None = None,
    items: tuple[Item, ...] = (),
    source: str = "lambda:ListFunctions",
    fix: Fix | None = None,
    effort: tuple[float, float] = (1, 2),
    after: tuple[str, ...] = (),
    hipaa: tuple[str, ...] = (),
    cause: str = "",
    resolution: str = "",
    permission: str = "",
    strength: str = "",
) -> Finding:
    """Return a finding as the engine makes it, with what the test does not name left plain."""
    counted = Measure(*measure) if measure else None
    by_ratio = counted.ratio if counted and status is Status.FAIL else _SCORES.get(status)
    return Finding(
        check=check,
        title=title or f"{check} holds",
        category=category,
        severity=severity,
        status=status,
        message=message or title or f"{check} was looked at",
        why=f"Without {check} a patient's visit can fail.",
        score=by_ratio,
        weight=_WEIGHTS[severity],
        measure=counted,
        items=items,
        evidence=(Evidence("aws_facts", source, AUDITED),) if source else (),
        fix=fix or Fix(f"Put {check} right"),
        effort=Effort(*effort),
        after=after,
        hipaa=hipaa,
        cause=cause,
        resolution=resolution,
        permission=permission,
        strength=strength,
    )


def scorecard(
    findings: Sequence[Finding],
    *,
    waivers: tuple[WaiverUse, ...] = (),
    attestations: tuple[AttestationUse, ...] = (),
    inventory: tuple[InventoryRow, ...] = (),
    facts: tuple[FactLine, ...] = (),
    expiring: tuple[Expiry, ...] = (),
    target: Target | None = None,
    category_rows: tuple[Category, ...] = CATEGORIES,
    people: int = 1,
) -> Scorecard:
    """Return the scorecard of `findings`."""
    found = tuple(findings)
    return Scorecard(
        header=_header(target, facts),
        gate=gate(found),
        score=score(found),
        tally=tally(found),
        categories=categories(category_rows, found),
        findings=found,
        plan=plan(found, people=people, hours_per_day=6.0),
        waivers=waivers,
        attestations=attestations,
        inventory=inventory,
        facts=facts,
        expiring=expiring,
    )


def _header(target: Target | None, facts: tuple[FactLine, ...]) -> Header:
    available = sum(fact.available for fact in facts)
    return Header(
        target=target or Target("telehealth", "production", "112233444821", "us-east-1"),
        audited_at=AUDITED,
        tool_version="0.1.0",
        commit="4f0c2d1",
        checklist_version="1",
        checklist_digest="sha256:" + "11" * 32,
        facts_digest="sha256:" + "22" * 32,
        facts_available=available,
        facts_unavailable=len(facts) - available,
    )


def _fact(name: str, source: str, message: str = "", permission: str = "") -> FactLine:
    return FactLine(name, source, AUDITED, not message, message, permission)


def _encrypted() -> Finding:
    return finding(
        "aurora-encrypted",
        Status.PASS,
        category="infrastructure",
        title="The database is encrypted at rest",
        strength="Aurora PostgreSQL is encrypted at rest with a key of your own",
        hipaa=("164.312(a)(2)(iv)",),
        measure=(1, 1),
        source="rds:DescribeDBClusters",
    )


def _attested() -> Finding:
    return finding(
        "baa-aws",
        Status.PASS,
        category="compliance",
        title="A signed BAA with AWS covers this account",
        hipaa=("164.308(b)(1)",),
        source="attestations",
    )


def go() -> Scorecard:
    """Return a small scorecard that lets the launch through."""
    functions = finding(
        "functions-deployed",
        Status.PASS,
        title="All 104 functions are deployed",
        measure=(104, 104),
    )
    return scorecard(
        (_encrypted(), functions, _attested()),
        attestations=(AttestationUse(_SIGNED, "valid"),),
        inventory=(InventoryRow("clients", 104, 104, 104),),
        facts=(_fact("aws_facts", "lambda:ListFunctions"),),
    )


def with_waivers() -> Scorecard:
    """Return a scorecard whose only blocker is an accepted risk."""
    accepted = replace(
        finding(
            "smoke-current",
            Status.FAIL,
            category="monitoring",
            title="The smoke test is older than the deployed code",
        ),
        waiver=AppliedWaiver("Pilot with two clinicians only", "Dr. M. Okafor", date(2026, 9, 10)),
    )
    waiver = Waiver(
        check="smoke-current",
        reason="Pilot with two clinicians only",
        approver="Dr. M. Okafor",
        created=date(2026, 8, 20),
        expires=date(2026, 9, 10),
        finding_digest="sha256:" + "33" * 32,
    )
    old = replace(waiver, check="runbooks", expires=date(2026, 8, 1), reason="Being written")
    return scorecard(
        (_encrypted(), accepted, _attested()),
        waivers=(WaiverUse(waiver, "expiring"), WaiverUse(old, "expired")),
        attestations=(AttestationUse(_SIGNED, "valid"),),
        expiring=(Expiry("waiver", "smoke-current", date(2026, 9, 10)),),
        facts=(_fact("aws_facts", "lambda:ListFunctions"),),
    )


def no_go() -> Scorecard:
    """Return a scorecard in the state of a system that is far from its launch."""
    return scorecard(
        (*_passing(), *_failing(), *_undecided()),
        attestations=(
            AttestationUse(_SIGNED, "valid"),
            AttestationUse(
                replace(_SIGNED, check="contingency-test", expires=date(2026, 7, 1)), "expired"
            ),
        ),
        inventory=(
            InventoryRow("clients", 40, 40, 1),
            InventoryRow("system", 52, 52, 1),
            InventoryRow("telehealth", 12, 0, 0),
        ),
        facts=(
            _fact("aws_facts", "lambda:ListFunctions"),
            _fact("migration_ledger", "select from readyctl.migrations", "no connection"),
            _fact("config_recorders", _RECORDERS, f"AccessDenied for {_RECORDERS}", _RECORDERS),
        ),
    )


def _passing() -> tuple[Finding, ...]:
    return (
        _encrypted(),
        _attested(),
        finding(
            "aurora-backup-retention",
            Status.PASS,
            category="infrastructure",
            title="Backups are kept long enough",
            hipaa=("164.308(a)(7)(ii)(A)",),
            source="rds:DescribeDBClusters",
        ),
        finding(
            "architecture-document",
            Status.PASS,
            category="documentation",
            severity=Severity.LOW,
            title="The architecture is written down",
            source="docs/architecture.md",
        ),
        finding(
            "payment-secrets",
            Status.NOT_APPLICABLE,
            category="integrations",
            severity=Severity.MEDIUM,
            message="Nothing here that this check applies to",
        ),
        finding(
            "stack-drift",
            Status.INFORMATIONAL,
            category="infrastructure",
            severity=Severity.MEDIUM,
            message="Drift was last looked at by CloudFormation itself",
        ),
    )


def _failing() -> tuple[Finding, ...]:
    missing = tuple(
        Item(f"telehealth-{number}", Status.FAIL, "missing", "present") for number in range(12)
    )
    imports = (
        Item("supabase", Status.FAIL, "imported", "not imported", "src/TelehealthSession.tsx:7"),
        Item("supabase", Status.FAIL, "imported", "not imported", "src/ChatSidebar.tsx:2"),
    )
    deploy = Fix(
        "Deploy the functions", ("readyctl deploy plan", "readyctl deploy apply"), automated=True
    )
    return (
        finding(
            "functions-deployed",
            Status.FAIL,
            title="102 of 104 functions are not deployed",
            measure=(2, 104),
            fix=deploy,
            effort=(0.5, 1),
            after=("twilio-secrets",),
        ),
        finding(
            "telehealth-functions",
            Status.FAIL,
            category="telehealth",
            title="12 of 12 telehealth functions are missing",
            measure=(0, 12),
            items=missing,
            effort=(9, 15),
            after=("functions-deployed", "migrations-applied"),
        ),
        finding(
            "twilio-secrets",
            Status.FAIL,
            category="integrations",
            title="3 Twilio secrets are not in Secrets Manager",
            measure=(0, 3),
            source="secretsmanager:ListSecrets",
            fix=Fix("Store the three Twilio secrets", ("readyctl secrets put twilio",)),
            effort=(0.5, 1),
        ),
        finding(
            "supabase-imports",
            Status.FAIL,
            category="telehealth",
            severity=Severity.HIGH,
            title="2 files import Supabase directly",
            items=imports,
            source="src",
            effort=(6, 10),
            after=("telehealth-functions",),
        ),
        finding(
            "alarm-subscribers",
            Status.FAIL,
            category="monitoring",
            severity=Severity.MEDIUM,
            title="Nobody is told when an alarm rings",
            source="sns:ListSubscriptions",
            effort=(0.5, 1),
        ),
    )


def _undecided() -> tuple[Finding, ...]:
    return (
        finding(
            "migrations-applied",
            Status.OPEN,
            category="database",
            message="Not decided: no connection to the database",
            cause="no connection to the database",
            resolution="Let readyctl reach the database: readyctl doctor",
            source="select from readyctl.migrations",
            effort=(2, 4),
        ),
        finding(
            "schema-parity",
            Status.OPEN,
            category="database",
            message="Not decided: no connection to the database",
            cause="no connection to the database",
            resolution="Let readyctl reach the database: readyctl doctor",
            source="select from pg_catalog",
            effort=(4, 6),
            after=("migrations-applied",),
        ),
        finding(
            "config-recorder",
            Status.OPEN,
            category="infrastructure",
            severity=Severity.MEDIUM,
            message=f"Not decided: AccessDenied for {_RECORDERS}",
            cause=f"AccessDenied for {_RECORDERS}",
            resolution="Attach the read-only policy from `readyctl doctor --iam-policy`",
            permission=_RECORDERS,
            source=_RECORDERS,
        ),
        finding(
            "baa-vendors",
            Status.REVIEW,
            category="compliance",
            title="Each vendor that sees patient data has signed a BAA",
            message="Needs a person: twilio",
            measure=(1, 2),
            items=(
                Item("aws", Status.PASS, "attested by J. Doe, until 2027-03-01"),
                Item("twilio", Status.REVIEW, "under review: nobody has attested it"),
            ),
            fix=Fix(
                "Sign the BAA and attest it", ("readyctl attest add baa-vendors --subject twilio",)
            ),
            hipaa=("164.308(b)(1)",),
            source="attestations",
        ),
    )
