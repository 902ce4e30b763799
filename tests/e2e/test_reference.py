"""The reference assessment, computed: what a person once wrote by hand, from evidence."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from readyctl.local.state import LocalState, save
from readyctl.model.finding import Finding
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Status, Verdict
from readyctl.resources import bundled

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("reference")]


def found(card: Scorecard, check: str) -> Finding:
    """The finding of a check."""
    return next(finding for finding in card.findings if finding.check == check)


def counted(card: Scorecard, check: str) -> tuple[int, int]:
    """Of how many things how many hold."""
    measure = found(card, check).measure
    assert measure is not None
    return measure.numerator, measure.denominator


def test_the_verdict_is_no_go(baseline: Scorecard) -> None:
    """The reference system may not be launched."""
    assert baseline.gate.verdict is Verdict.NO_GO


@pytest.mark.parametrize(
    ("check", "counts"),
    [
        ("functions-deployed", (2, 112)),
        ("telehealth-functions", (0, 12)),
        ("alarm-function-errors", (0, 112)),
        ("telehealth-tables", (0, 5)),
    ],
)
def test_what_is_missing_is_counted(
    baseline: Scorecard, check: str, counts: tuple[int, int]
) -> None:
    """The findings of the reference assessment have their exact counts."""
    assert counted(baseline, check) == counts


def test_no_migration_is_applied(baseline: Scorecard) -> None:
    """Every migration of the backend is pending."""
    files = len(list(bundled("backend", "migrations").glob("*.sql")))
    assert files
    assert counted(baseline, "migrations-applied") == (0, files)


def test_the_agreement_with_twilio_is_under_review(baseline: Scorecard) -> None:
    """Nobody has vouched for a business associate agreement with Twilio."""
    vendors = found(baseline, "baa-vendors")
    assert vendors.status is Status.REVIEW
    twilio = next(item for item in vendors.items if item.name == "Twilio")
    assert twilio.status is Status.REVIEW
    assert "under review" in twilio.observed


@pytest.mark.parametrize(
    ("check", "call"),
    [
        ("aurora-encrypted", "rds:DescribeDBClusters"),
        ("aurora-backup-retention", "rds:DescribeDBClusters"),
        ("cognito-mfa", "cognito-idp:DescribeUserPool"),
        ("database-security-group", "ec2:DescribeSecurityGroups"),
        ("vpc-zones", "ec2:DescribeSubnets"),
    ],
)
def test_what_works_has_its_evidence(baseline: Scorecard, check: str, call: str) -> None:
    """Encryption, backups, MFA and the network are strengths, each with the call that shows it."""
    finding = found(baseline, check)
    assert finding.status is Status.PASS
    assert finding.strength
    assert any(call in evidence.source for evidence in finding.evidence)


def test_only_what_the_emulator_lacks_is_missing(baseline: Scorecard) -> None:
    """Every fact is gathered but that of a service which the emulator has not."""
    missing = {line.name for line in baseline.facts if not line.available}
    assert missing == {"detectors"}


@pytest.fixture(scope="module")
def project(local_reference: LocalState, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the example configuration, whose local environment is the shared one."""
    root = tmp_path_factory.mktemp("project")
    save(root, local_reference)
    example = bundled("config.yaml").read_text(encoding="utf-8")
    backend = bundled("backend")
    for name, path in (
        ("manifest: ", backend / "manifest.yaml"),
        ("migrations: ", backend / "migrations"),
    ):
        line = next(line for line in example.splitlines() if line.startswith(name))
        example = example.replace(line, f"{name}{path}")
    (root / "config.yaml").write_text(
        example.replace("source: [backend]", "source: []"), encoding="utf-8"
    )
    return root


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run readyctl as an operator does."""
    return subprocess.run(
        [sys.executable, "-m", "readyctl", *arguments],
        cwd=project,
        env={**os.environ, "COLUMNS": "80", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_first_audit_ends_with_no_and_writes_the_scorecard(project: Path) -> None:
    """`readyctl audit` says NO-GO, exits with 1, and writes the scorecard for people and tools."""
    done = run(project, "audit", "--env", "local")
    assert done.returncode == 1, done.stderr
    text = " ".join(done.stdout.split())
    for line in (
        "NO-GO",
        "2 of 112 functions are deployed",
        "0 of 12 telehealth functions are deployed",
        "112 of 112 functions have no alarm on errors",
    ):
        assert line in text
    assert (project / "scorecard.md").is_file()
    assert (project / "scorecard.json").is_file()


def test_a_saved_audit_is_replayed_byte_for_byte(project: Path) -> None:
    """The same facts give the same reports, without asking anybody."""
    run(project, "facts", "gather", "--out", "facts.json")
    reports = []
    for name in ("one", "two"):
        target = project / name
        done = run(
            project,
            "audit",
            "--facts",
            "facts.json",
            "--report",
            f"md={target}.md",
            "--report",
            f"json={target}.json",
        )
        assert done.returncode == 1, done.stderr
        reports.append((Path(f"{target}.md").read_bytes(), Path(f"{target}.json").read_bytes()))
    assert reports[0] == reports[1]


def test_a_live_audit_and_its_replay_are_the_same(project: Path) -> None:
    """The scorecard of an audit is the one that its saved facts give."""
    live = run(project, "audit", "--report", "json=live.json")
    assert live.returncode == 1, live.stderr
    facts = sorted((project / ".readyctl" / "runs").glob("*/facts.json"))[-1]
    run(project, "audit", "--facts", str(facts), "--report", "json=again.json")
    again = (project / "again.json").read_bytes()
    assert (project / "live.json").read_bytes() == again


def test_the_gate_is_shut(project: Path) -> None:
    """`launch gate` refuses after such an audit."""
    run(project, "audit")
    assert run(project, "launch", "gate").returncode == 1


@pytest.mark.parametrize("check", ["supabase-imports", "realtime-leftovers"])
def test_a_frontend_that_nobody_looked_at_is_unknown(baseline: Scorecard, check: str) -> None:
    """Finding nothing in source without a frontend says nothing about the frontend."""
    assert found(baseline, check).status is Status.OPEN
