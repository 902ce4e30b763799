"""Predicates about the results of test runs: whether they still say something."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta

from readyctl.evaluate.predicates.items import Facts, decided, rows, texts
from readyctl.model.finding import Item
from readyctl.model.json import Json


def deployed_digest(functions: Iterable[Mapping[str, Json]]) -> str:
    """Return the digest of the deployed code that a test run was made against.

    It covers the names and the code of the system's functions, in the shape of the fact
    `lambda_functions`; nothing deployed has no digest.
    """
    lines = sorted(f"{row['name']} {row['code_sha256']}" for row in functions if row["function"])
    text = "\n".join(lines)
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest() if lines else ""


def current_run(facts: Facts, parameters: Facts, now: datetime) -> tuple[Item, ...]:
    """The newest run of a kind in this environment passed, and still says something.

    Parameters: `kind`; `users`, how many must have taken part; `days`, how old it may be; with
    `deployed` it must have been made against the code that is deployed now.
    """
    environment = next(iter(rows("[settings.environment]", facts)))
    runs = [
        run
        for run in rows("test_runs", facts)
        if run["kind"] == parameters["kind"] and run["environment"] == environment
    ]
    if not runs:
        return ()
    newest = max(runs, key=lambda run: datetime.fromisoformat(str(run["finished_at"])))
    problems = [
        *_result_problems(newest, parameters, now),
        *(_target_problems(newest, facts) if parameters.get("deployed") is True else ()),
    ]
    return (
        decided(
            f"{parameters['kind']} of {newest['finished_at']}",
            not problems,
            "; ".join(problems) or "passed",
            "a run that passed and is still current",
        ),
    )


def _result_problems(run: Mapping[str, Json], parameters: Facts, now: datetime) -> list[str]:
    users, days = int(str(parameters.get("users", 0))), int(str(parameters.get("days", 0)))
    finished = datetime.fromisoformat(str(run["finished_at"]))
    problems = {
        "it failed": run["passed"] is not True,
        f"only {run['users']} users of {users}": int(str(run["users"])) < users,
        f"more than {days} days old": bool(days) and now - finished > timedelta(days=days),
        "it ended in the future": finished > now,
    }
    return [problem for problem, holds in problems.items() if holds]


def _target_problems(run: Mapping[str, Json], facts: Facts) -> list[str]:
    deployed = deployed_digest(rows("lambda_functions", facts))
    if not deployed:
        return ["no function is deployed"]
    return [] if run["target_digest"] == deployed else ["made against other code than is deployed"]


def tested_policies(facts: Facts, parameters: Facts, now: datetime) -> tuple[Item, ...]:
    """The newest test of row-level security in this environment holds for what is in force now.

    Each table with row-level security must have a case; each case must have held.
    """
    del parameters
    environment = next(iter(rows("[settings.environment]", facts)))
    runs = [run for run in rows("rls_tests", facts) if run["environment"] == environment]
    current = next(iter(rows("[database_policies.digest]", facts)))
    tables = rows("database_tables[?rls_enabled]", facts)
    if not runs:
        return ()
    newest = max(runs, key=lambda run: datetime.fromisoformat(str(run["finished_at"])))
    problems = {
        f"{newest['failed']} of {newest['cases']} cases do not hold": newest["passed"] is not True,
        "policies or grants were changed since": newest["policy_digest"] != current,
        "it ended in the future": datetime.fromisoformat(str(newest["finished_at"])) > now,
        "no case": not newest["cases"],
    }
    found = [problem for problem, holds in problems.items() if holds]
    covered = {str(name) for name in texts(newest["covered"])}
    return (
        decided(
            f"test of {newest['finished_at']}",
            not found,
            "; ".join(found) or f"{newest['cases']} cases hold",
            "every case holds, for the policies that are in force",
        ),
        *(
            decided(name, name in covered, "covered" if name in covered else "no case", "a case")
            for name in sorted(_table_name(table) for table in tables)
        ),
    )


def _table_name(table: Mapping[str, Json]) -> str:
    schema, name = str(table["schema"]), str(table["name"])
    return name if schema == "public" else f"{schema}.{name}"
