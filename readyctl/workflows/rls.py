"""Tests the row-level security of an environment's database, and keeps what came out."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from pathlib import Path

from readyctl.clients.files import write_text
from readyctl.config.environment import Settings
from readyctl.errors import MigrateError
from readyctl.migrate.rls import trial
from readyctl.migrate.rls.cases import Cases, read_cases
from readyctl.migrate.rls.probe import Limits
from readyctl.migrate.rls.trial import Wanted
from readyctl.model.json import Json
from readyctl.model.rls import RlsResult
from readyctl.workflows.migrate import opened


def read(settings: Settings, folder: Path | None, wanted: Wanted) -> Cases:
    """Return the cases of a folder; without any, only a matrix can be made.

    Raises:
        ConfigError, MigrateError: E0475, a file is not valid; E0478, there is none, and the cases
            are all that is wanted.
    """
    place = folder or settings.rls
    cases = read_cases(place, settings.root)
    if not cases.cases and not wanted.matrix:
        message = "there are no cases of row-level security"
        hint = "write a file for each part of the schema, as docs/migrations-rls.md shows"
        raise MigrateError("E0478", message, where=str(place), hint=hint)
    return cases


def run(
    settings: Settings,
    cases: Cases,
    wanted: Wanted,
    *,
    limits: Limits,
    progress: Callable[[str, int], None],
) -> RlsResult:
    """Test the database; afterwards it is as it was.

    Raises:
        MigrateError: see `trial.run`.
    """
    with opened(settings) as (session, ledger):
        return trial.run(session, cases, ledger.schema, wanted, limits=limits, progress=progress)


def record(settings: Settings, result: RlsResult, now: datetime) -> Path:
    """Write the evidence of a test into the folder of test runs; return where.

    Raises:
        ConfigError: E0203, the file cannot be written.
    """
    held = len(result.cases) - len(result.failed)
    covered, tables = len(result.covered), len(result.covered) + len(result.uncovered)
    data: dict[str, Json] = {
        "schema": "readyctl.rls-run/1",
        "kind": "rls",
        "passed": bool(result.cases) and not result.failed,
        "finished_at": now.strftime("%Y-%m-%dT%H:%M:%SZ"),
        "environment": settings.environment.name,
        "target_digest": result.digest,
        "detail": f"{held} of {len(result.cases)} cases, {covered} of {tables} tables",
        "database": result.database,
        "server": result.server,
        "cases": len(result.cases),
        "failed": len(result.failed),
        "covered": list(result.covered),
        "uncovered": list(result.uncovered),
    }
    path = settings.test_runs / "rls.json"
    write_text(path, json.dumps(data, indent=2, sort_keys=True) + "\n")
    return path
