"""The bundled migrations, applied to the reference environment and audited, as an operator does."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from readyctl.local.environment import down, up
from readyctl.resources import bundled

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("migrate")]

CHECKS = (
    "migrations-applied",
    "migrations-unchanged",
    "migrations-order",
    "migrations-known",
    "migration-ledger",
    "schema-parity",
    "routines-valid",
    "definitions-shadowed",
    "definer-search-path",
    "extensions-available",
    "rls-permissive",
)


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A folder whose local environment is in the state of the reference, with nothing applied."""
    root = tmp_path_factory.mktemp("migrated")
    backend = bundled("backend")
    (root / "config.yaml").write_text(
        f"readyctl: 1\nsystem: telehealth\ndefault_environment: local\n"
        f"manifest: {backend / 'manifest.yaml'}\nmigrations: {backend / 'migrations'}\n"
        "environments:\n  local:\n    provider: local\n    database: {dsn: 'local:'}\n",
        encoding="utf-8",
    )
    try:
        up(root, "reference", lambda _: None)
        yield root
    finally:
        down(root, lambda _: None)


def run(project: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    """Run readyctl."""
    return subprocess.run(
        [sys.executable, "-m", "readyctl", *arguments],
        cwd=project,
        env={**os.environ, "CI": "1", "NO_COLOR": "1"},
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )


def statuses(project: Path) -> set[str]:
    """What the audit says of the checks of migrations."""
    run(project, "audit")
    card = json.loads((project / "scorecard.json").read_text(encoding="utf-8"))
    findings = card["data"]["findings"] if "data" in card else card["findings"]
    return {finding["status"] for finding in findings if finding["check"] in CHECKS}


def test_applied_migrations_turn_the_audit(project: Path) -> None:
    """Fourteen files are applied once, and every check of them passes."""
    files = len(list(bundled("backend", "migrations").glob("*.sql")))
    before = statuses(project)
    first, second = (run(project, "migrate", "apply", "--yes") for _ in range(2))
    assert (first.returncode, first.stdout) == (0, f"applied {files} migrations\n")
    assert (second.returncode, second.stdout) == (0, "Nothing is pending.\n")
    assert ("fail" in before, statuses(project)) == (True, {"pass"})
