"""Measures what row-level security and the audit log cost `list-clients` with 10,000 clients."""

from __future__ import annotations

import json
import os
import secrets
import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter
from typing import Any

import psycopg
from psycopg import sql
from psycopg.types.json import Jsonb

from backend.functions.clients import _queries, list_clients
from backend.runtime.endpoint import database
from readyctl.local.environment import down, up
from readyctl.local.state import LocalState
from tests import databases
from tests.backend.conftest import migrate
from tests.backend.people import PEOPLE, identifier, practice_id

CLIENTS = 10_000
RUNS = 300
PAGE = 50
_FILL = f"""
insert into clients (practice_id, record_number, first_name, last_name, date_of_birth)
  select '{practice_id(1)}', 'N' || n, 'First ' || n, 'Last ' || n % 5000, '1990-01-01'
  from generate_series(1, {CLIENTS}) n;
insert into care_team_members (practice_id, client_id, user_id)
  select practice_id, id, '{identifier("1", "1")}' from clients
  where practice_id = '{practice_id(1)}' and record_number like 'N%' and
        (substr(record_number, 2)::integer % 100) = 0;
"""  # noqa: S608 - of constants
# The first page, as the function asks for it.
_PAGE = {
    "last_name": None,
    "active": None,
    "last_key": "",
    "first_key": "",
    "after": "00000000-0000-0000-0000-000000000000",
    "limit": PAGE + 1,
}


def main() -> int:
    """Print the figures as JSON: medians in milliseconds, and their ratios."""
    with tempfile.TemporaryDirectory(prefix="readyctl-bench-") as folder:
        root = Path(folder)
        try:
            state = up(root, "empty", lambda _: None)
            with databases.database(state) as dsn:
                print(json.dumps(_figures(state, dsn), indent=2))
        finally:
            down(root, lambda _: None)
    return 0


def _figures(state: LocalState, dsn: str) -> dict[str, float]:
    application = _prepared(state, dsn)
    os.environ["BACKEND_DATABASE_URL"] = application
    plain = psycopg.connect(dsn)
    secured = psycopg.connect(application)
    calls: dict[str, Callable[[], object]] = {
        "query_alone": lambda: _asked(plain, "practice"),
        "row_level_security_administrator": lambda: _asked(secured, "admin"),
        "row_level_security_therapist": lambda: _asked(secured, "host"),
        "function_administrator": lambda: _called("admin"),
        "function_therapist": lambda: _called("host"),
    }
    # In turns, so that whatever else the machine does befalls all alike.
    timings: dict[str, list[float]] = {name: [] for name in calls}
    for _ in range(RUNS):
        for name, call in calls.items():
            began = perf_counter()
            call()
            timings[name].append((perf_counter() - began) * 1000)
    plain.close()
    secured.close()
    database.close()
    found = {f"{name}_ms": round(median(took), 2) for name, took in timings.items()}
    floor = median(timings["query_alone"])
    return found | {
        f"{name}_ratio": round(median(took) / floor, 2) for name, took in timings.items()
    }


def _prepared(state: LocalState, dsn: str) -> str:
    migrate(state, dsn)
    password = secrets.token_urlsafe(16)
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute(PEOPLE.encode())
        connection.execute(_FILL.encode())
        connection.execute("analyze")
        change = sql.SQL("alter role readyctl_app password {}")
        connection.execute(change.format(sql.Literal(password)))
    return databases.as_login(dsn, "readyctl_app", password)


def _asked(connection: psycopg.Connection[Any], subject: str) -> None:
    # The superuser passes every policy by, and says alone which practice it is about.
    request = {"practice_id": practice_id(1)} if subject == "practice" else {"subject": subject}
    connection.execute("select app.begin_request(%s)", [Jsonb(request)])
    rows = connection.execute(_queries.LIST, _PAGE).fetchall()
    connection.rollback()
    if len(rows) != PAGE + 1:
        raise AssertionError(f"{subject} got {len(rows)} rows")


def _called(subject: str) -> None:
    about = {"requestId": "bench", "authorizer": {"claims": {"sub": subject}}}
    answer = list_clients.handler({"requestContext": about}, None)
    if answer["statusCode"] != 200:
        raise AssertionError(answer["body"])


if __name__ == "__main__":
    raise SystemExit(main())
