"""What becomes of a container's connection, and of two calls at once."""

from __future__ import annotations

import json
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from backend.runtime.database import Database
from backend.runtime.problems import Forbidden, Unavailable
from tests.backend.conftest import Backend

pytestmark = pytest.mark.environment

HOST = {"subject": "host", "request_id": "r"}
_KILL = (
    "select pg_terminate_backend(pid) from pg_stat_activity"
    " where application_name = 'backend' and datname = current_database()"
)

_OPEN = (
    "select count(*) from pg_stat_activity"
    " where application_name = 'backend' and datname = current_database()"
)


def test_a_connection_that_was_killed_while_idle_is_replaced(backend: Backend) -> None:
    """The next call of the same container succeeds, without anybody noticing."""
    first = backend.call("operations/health-check")
    backend.run(_KILL)
    assert backend.call("operations/health-check").status == first.status == 200


def test_a_connection_that_is_killed_in_a_transaction_leaves_nothing(backend: Backend) -> None:
    """The call that it happens to fails and keeps nothing; the next one succeeds."""
    database = Database()

    def interrupted() -> None:
        with database.transaction(HOST) as (db, _):
            db.audit("read", "interrupted", None)
            backend.run(_KILL)
            db.row("select 1")

    with pytest.raises(Unavailable):
        interrupted()
    assert backend.rows("select count(*) from audit_log where subject_kind = 'interrupted'") == [
        (0,)
    ]
    with database.transaction(HOST) as (_, caller):
        assert caller["role"] == "therapist"
    database.close()


class Killer:
    """Ends the connection just before its nth statement, or its commit, as an operator would."""

    def __init__(self, backend: Backend, patch: pytest.MonkeyPatch, at: int) -> None:
        self.done = 0
        execute, commit = psycopg.Connection.execute, psycopg.Connection.commit

        def counted() -> None:
            self.done += 1
            if self.done == at:
                backend.run(_KILL)

        def killing_execute(connection: Any, *given: Any, **named: Any) -> Any:
            if connection.info.parameter_status("application_name") == "backend":
                counted()
            return execute(connection, *given, **named)

        def killing_commit(connection: Any) -> None:
            if connection.info.parameter_status("application_name") == "backend":
                counted()
            commit(connection)

        patch.setattr(psycopg.Connection, "execute", killing_execute)
        patch.setattr(psycopg.Connection, "commit", killing_commit)


_BOOKING = {
    "client_id": "20000000-0000-4000-8000-000000000001",
    "clinician_id": "10000000-0000-4000-8000-000000000001",
    "starts_at": "2033-01-03T15:00:00Z",
}
_LEFT = (
    "select (select count(*) from appointments where starts_at = '2033-01-03 15:00+00'),"
    " (select count(*) from outbox where event = 'appointment.created'),"
    " (select count(*) from audit_log where action = 'create' and subject_kind = 'appointment'),"
    " (select count(*) from idempotency_keys where key = 'k')"
)


def book(backend: Backend) -> int:
    """Book a slot with a key, as a client of the API that tries again does."""
    return backend.call(
        "appointments/create-appointment", "desk", body=_BOOKING, headers={"Idempotency-Key": "k"}
    ).status


def test_a_connection_is_killed_before_each_statement_of_a_booking(backend: Backend) -> None:
    """Wherever it happens: all or nothing is kept, and the next call of the container succeeds."""
    with pytest.MonkeyPatch.context() as patch:
        whole = Killer(backend, patch, 0)
        assert book(backend) == 201
    backend.run("delete from idempotency_keys where key = 'k'")
    backend.run("delete from appointments where starts_at = '2033-01-03 15:00+00'")
    backend.run("delete from outbox where event = 'appointment.created'")
    entries = backend.rows(_LEFT)[0][2]
    assert whole.done > 10
    for at in range(1, whole.done + 1):
        with pytest.MonkeyPatch.context() as patch:
            Killer(backend, patch, at)
            status = book(backend)
        # Before the first statement nothing was done: the runtime begins once more by itself.
        assert status == (201 if at == 1 else 503), at
        assert backend.rows(_LEFT) == [(1, 1, entries + 1, 1) if at == 1 else (0, 0, entries, 0)]
        assert book(backend) == 201
        assert backend.rows(_LEFT) == [(1, 1, entries + 1, 1)]
        assert backend.rows(_OPEN) == [(1,)]
        entries += 1
        backend.run("delete from idempotency_keys where key = 'k'")
        backend.run("delete from appointments where starts_at = '2033-01-03 15:00+00'")
        backend.run("delete from outbox where event = 'appointment.created'")


def test_nobody_of_one_call_stays_for_the_next(backend: Backend) -> None:
    """Who called ends with the transaction: the next caller of the container is somebody else."""
    database = Database()
    with database.transaction(HOST):
        pass
    with database.transaction({"subject": "unknown"}) as (db, caller):
        assert (caller["role"], db.rows("select id from users")) == (None, [])
    database.close()


_CALL = """
import json, sys
from backend.functions.profiles.update_profile import handler
event = json.loads(sys.stdin.read())
print(json.dumps(handler(event, None)))
"""


def test_two_containers_with_one_key_do_the_work_once(backend: Backend) -> None:
    """When two calls with one key race, both get the first answer, and one change was made."""
    event = {
        "requestContext": {"requestId": "r", "authorizer": {"claims": {"sub": "host"}}},
        "pathParameters": {"id": "10000000-0000-4000-8000-000000000001"},
        "headers": {"Idempotency-Key": "k"},
        "body": json.dumps({"version": 1, "full_name": "New"}),
    }

    def call(_: int) -> str:
        done = subprocess.run(
            [sys.executable, "-c", _CALL],
            input=json.dumps(event),
            capture_output=True,
            text=True,
            check=True,
            timeout=60,
        )
        return done.stdout

    with ThreadPoolExecutor(4) as pool:
        answers = set(pool.map(call, range(4)))
    assert len(answers) == 1
    assert json.loads(answers.pop())["statusCode"] == 200
    assert backend.rows("select version from users where subject = 'host'") == [(2,)]


def test_the_application_cannot_change_the_audit_log(backend: Backend) -> None:
    """Rows are added to the audit log and never changed or removed."""
    database = Database()
    for statement in ("delete from audit_log", "update audit_log set action = 'read'"):
        with pytest.raises(Forbidden), database.transaction(HOST) as (db, _):
            db.run(statement)
    database.close()
