"""How PostgreSQL reads lists: by an index, whoever asks, and whatever they filter by."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql

from backend.generation.functions import Written
from backend.runtime.database import Parameters, Row, Transaction
from backend.runtime.endpoint import database
from readyctl.local.state import LocalState
from tests import databases
from tests.backend.conftest import Backend, copy
from tests.backend.matrix import ROLES, ROUTED, Gateway
from tests.backend.people import identifier, practice_id
from tests.backend.requests import Call
from tests.pool import pool

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("plans")]

ROWS = 10_000
MOST_SORTED = 500
BIG = {
    "users",
    "clients",
    "care_team_members",
    "appointments",
    "notes",
    "tasks",
    "waitlist_entries",
}
HOST, CLIENT = identifier("1", "1"), identifier("2", "1")

_FILL = f"""
insert into users (practice_id, subject, role, full_name, email)
  select '{practice_id(1)}', 'n' || n, case when n % 2 = 0 then 'therapist' else 'client_user' end,
         'Name ' || n, n || '@n.example.org'
  from generate_series(1, {ROWS}) n;
insert into clients (practice_id, record_number, first_name, last_name, date_of_birth)
  select '{practice_id(1)}', 'N' || n, 'First ' || n, 'Last ' || n % 5000, '1990-01-01'
  from generate_series(1, {ROWS}) n;
insert into care_team_members (practice_id, client_id, user_id)
  select practice_id, id, '{HOST}' from clients
  where practice_id = '{practice_id(1)}' and id <> '{CLIENT}';
insert into appointments (practice_id, client_id, clinician_id, starts_at, ends_at)
  select '{practice_id(1)}', '{CLIENT}', '{HOST}', t, t + interval '30 minutes'
  from generate_series(timestamptz '2031-01-01', timestamptz '2031-01-01'
                       + interval '{ROWS - 1} hours', interval '1 hour') t;
insert into notes (practice_id, client_id, author_id, kind, due_at, created_at)
  select '{practice_id(1)}', '{CLIENT}', '{HOST}', 'contact', now(), now() - n * interval '1 hour'
  from generate_series(1, {ROWS}) n;
insert into tasks (practice_id, title, creator_id, assignee_id, created_at)
  select '{practice_id(1)}', 't', '{HOST}', '{HOST}', now() - n * interval '1 hour'
  from generate_series(1, {ROWS}) n;
"""

# The filters of each list, one at a time: without any, and by each.
FILTERS: dict[str, list[dict[str, str]]] = {
    "list-profiles": [{}, {"role": "therapist"}, {"search": "9"}],
    "list-users": [{}, {"role": "therapist"}, {"active": "true"}, {"search": "9"}],
    "list-clients": [{}, {"last_name": "last 77"}, {"active": "true"}],
    "list-appointments": [
        {},
        {"clinician_id": HOST},
        {"client_id": CLIENT},
        {"status": "scheduled"},
        {"from": "2031-03-01T00:00:00Z", "to": "2031-03-08T00:00:00Z"},
    ],
    "list-notes": [{}, {"client_id": CLIENT}, {"author_id": HOST}, {"status": "draft"}],
    "list-tasks": [
        {},
        {"assignee_id": HOST},
        {"client_id": CLIENT},
        {"status": "open"},
        {"priority": "normal"},
    ],
}
LISTS = [function for function in ROUTED if function.endpoint.declaration.name.startswith("list-")]


@pytest.fixture(scope="module")
def filled(local_empty: LocalState, template: str) -> Iterator[Backend]:
    """The functions, before tables of ten thousand rows."""
    password = secrets.token_urlsafe(16)
    with copy(local_empty, template) as dsn, pytest.MonkeyPatch.context() as patch:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(_FILL.encode())
            connection.execute("analyze")
            change = sql.SQL("alter role readyctl_app password {}")
            connection.execute(change.format(sql.Literal(password)))
        application = databases.as_login(dsn, "readyctl_app", password)
        patch.setenv("BACKEND_DATABASE_URL", application)
        database.close()
        yield Backend(dsn)
        database.close()


def faults(plan: Mapping[str, Any]) -> Iterator[str]:
    """What a plan does that takes the longer the more rows there are, whoever asks."""
    if plan["Node Type"] == "Seq Scan" and plan["Relation Name"] in BIG:
        yield f"reads all of {plan['Relation Name']}"
    if plan["Node Type"] == "Sort" and plan["Plans"][0]["Actual Rows"] > MOST_SORTED:
        yield f"sorts {plan['Plans'][0]['Actual Rows']} rows"
    if plan["Node Type"] == "Bitmap Index Scan" and plan["Actual Rows"] > MOST_SORTED:
        yield f"looks up {plan['Actual Rows']} rows of {plan['Index Name']}"
    for inner in plan.get("Plans", ()):
        yield from faults(inner)


def test_every_list_is_looked_at() -> None:
    """A list that is added needs its filters here."""
    assert {function.endpoint.declaration.name for function in LISTS} == set(FILTERS)


@pytest.mark.parametrize("function", LISTS, ids=lambda f: f.endpoint.declaration.name)
def test_a_list_reads_by_index(
    filled: Backend, function: Written, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No plan of a list reads, or sorts, a table of ten thousand rows as a whole."""
    plans: list[Mapping[str, Any]] = []
    read = Transaction.rows

    def rows(
        db: Transaction, statement: LiteralString, parameters: Parameters | None = None
    ) -> list[Row]:
        explained = read(db, "explain (analyze, timing off, format json) " + statement, parameters)
        plans.append(explained[0]["QUERY PLAN"][0]["Plan"])
        return read(db, statement, parameters)

    monkeypatch.setattr(Transaction, "rows", rows)
    declared = function.endpoint.declaration
    asked = 0
    for subject, role in ROLES.items():
        for query in FILTERS[declared.name] if role in declared.roles else ():
            answer = Gateway().call(function, Call(query=query), pool().token(subject))
            assert answer.status == 200
            asked += 1
    assert len(plans) >= asked > 0
    assert [fault for plan in plans for fault in faults(plan)] == []
