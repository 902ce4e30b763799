"""Tests of the bundled migrations, applied to an empty database by its owner."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from typing import Any, LiteralString
from uuid import UUID

import psycopg
import pytest
from psycopg import errors, sql
from psycopg.types.json import Jsonb

pytestmark = pytest.mark.environment


@dataclass(frozen=True)
class Caller:
    """Somebody who calls functions of the backend, within one transaction."""

    connection: psycopg.Connection[Any]

    def become(self, subject: str) -> None:
        """Begin the request of another subject."""
        request = Jsonb({"subject": subject, "request_id": "r"})
        self.connection.execute("select app.begin_request(%s)", [request])

    def ask(self, statement: LiteralString | sql.Composed) -> list[Any]:
        """Run a statement and return its rows, if it has any."""
        cursor = self.connection.execute(statement)
        return cursor.fetchall() if cursor.description else []


As = Callable[[str], AbstractContextManager[Caller]]

# The client of practice One, whatever the column is called.
_FIRST = sql.SQL(
    "'20000000-0000-4000-8000-000000000001' in (to_jsonb(t) ->> 'client_id', to_jsonb(t) ->> 'id')"
)
_ADMIT: LiteralString = (
    "update waiting_room_queue set status = 'admitted', decided_at = now(),"
    " decided_by = app.user_id() returning id"
)
_AUDIT: LiteralString = "insert into audit_log (action, subject_kind) values ('read', 'client')"


@pytest.fixture
def acting(migrated: str) -> As:
    """Act as a subject, in a transaction of the application's role that is rolled back."""

    @contextmanager
    def begin(subject: str) -> Iterator[Caller]:
        with psycopg.connect(migrated) as connection:
            connection.execute("set local role readyctl_app")
            caller = Caller(connection)
            caller.become(subject)
            yield caller
            connection.rollback()

    return begin


def test_every_table_forces_row_level_security(migrated: str) -> None:
    """Each table has row-level security enabled and forced, and at least one policy."""
    with psycopg.connect(migrated) as connection:
        rows = connection.execute(
            "select relname from pg_class c where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p') and not (relrowsecurity and relforcerowsecurity"
            " and exists (select from pg_policy where polrelid = c.oid))"
        ).fetchall()
    assert rows == []


def test_every_foreign_key_is_indexed(migrated: str) -> None:
    """Each foreign key has an index that begins with its columns."""
    with psycopg.connect(migrated) as connection:
        rows = connection.execute(
            "select conrelid::regclass::text, conname from pg_constraint c where contype = 'f'"
            " and not exists (select from pg_index i where i.indrelid = c.conrelid"
            " and i.indpred is null"
            " and (i.indkey::int2[])[0:cardinality(c.conkey) - 1] @> c.conkey)"
        ).fetchall()
    assert rows == []


def test_the_five_names(migrated: str) -> None:
    """The names that the telehealth domain promises exist."""
    with psycopg.connect(migrated) as connection:
        rows = connection.execute(
            "select relname from pg_class where relkind in ('r', 'v') and relname = any(%s)",
            [
                [
                    "telehealth_sessions",
                    "session_messages",
                    "waiting_room_queue",
                    "session_participants",
                    "telehealth_waiting_rooms",
                ]
            ],
        ).fetchall()
    assert len(rows) == 5


def test_the_application_owns_nothing(migrated: str) -> None:
    """The application's role owns no relation and passes no policy by."""
    with psycopg.connect(migrated) as connection:
        rows = connection.execute(
            "select rolsuper or rolbypassrls, exists (select from pg_class where relowner = r.oid)"
            " from pg_roles r where rolname = 'readyctl_app'"
        ).fetchall()
    assert rows == [(False, False)]


@pytest.mark.parametrize(
    ("subject", "seen"),
    [("host", 1), ("other", 0), ("admin", 1), ("client", 1), ("nobody", 0)],
)
@pytest.mark.parametrize("table", ["clients", "telehealth_sessions", "telehealth_waiting_rooms"])
def test_who_sees_a_client(acting: As, table: str, subject: str, seen: int) -> None:
    """The care team, the administrator and the client see a client's rows; nobody else does."""
    with acting(subject) as caller:
        rows = caller.ask(
            sql.SQL("select * from {} t where {}").format(sql.Identifier(table), _FIRST)
        )
    assert len(rows) == seen


def test_role_comes_from_the_database(acting: As) -> None:
    """The caller's role and practice are those of the users table."""
    with acting("host") as caller:
        assert caller.ask("select app.role(), app.practice_id()") == [
            ("therapist", UUID("00000000-0000-4000-8000-000000000001"))
        ]


def test_host_admits(acting: As) -> None:
    """The host lets a waiting client in."""
    with acting("host") as caller:
        assert len(caller.ask(_ADMIT)) == 1


def test_clients_do_not_admit_themselves(acting: As) -> None:
    """A client cannot let themselves in."""
    with acting("client") as caller, pytest.raises(errors.InsufficientPrivilege):
        caller.ask(_ADMIT)


def test_clients_leave(acting: As) -> None:
    """A client who waits may leave."""
    with acting("client") as caller:
        rows = caller.ask(
            "update waiting_room_queue set status = 'left', decided_at = now() returning id"
        )
    assert len(rows) == 1


def test_steps_are_not_skipped(acting: As) -> None:
    """A session that waits cannot end."""
    with acting("host") as caller, pytest.raises(errors.CheckViolation):
        caller.ask(
            "update telehealth_sessions set status = 'ended', started_at = now(), ended_at = now()"
        )


def test_lost_updates_are_refused(acting: As) -> None:
    """An update that saw another version is refused."""
    with acting("host") as caller, pytest.raises(errors.SerializationFailure):
        caller.ask("update clients set phone = '1', version = 9")


def test_no_double_booking(acting: As) -> None:
    """A clinician cannot have two appointments at once."""
    with acting("host") as caller, pytest.raises(errors.ExclusionViolation):
        caller.ask(
            "insert into appointments (practice_id, client_id, clinician_id, starts_at, ends_at)"
            " select practice_id, client_id, clinician_id, starts_at + interval '30 minutes',"
            " ends_at + interval '30 minutes' from appointments"
        )


def test_messages_need_admission(acting: As) -> None:
    """A client who still waits reads no message of the session."""
    with acting("host") as caller:
        caller.ask(
            "insert into session_messages (practice_id, session_id, sender_id, body)"
            " select practice_id, id, host_id, 'x' from telehealth_sessions"
        )
        caller.become("client")
        assert caller.ask("select id from session_messages") == []


def test_audit_entries_name_the_caller(acting: As) -> None:
    """Who acted, in which request, is not the statement's to say."""
    with acting("admin") as caller:
        caller.ask(
            "insert into audit_log (action, subject_kind, role) values ('read', 'x', 'nobody')"
        )
        assert caller.ask(
            "select role, request_id, position from audit_log where subject_kind = 'x'"
        ) == [("administrator", "r", 2)]


def test_audit_entries_are_chained(acting: As) -> None:
    """Each entry carries the digest of the one before it, and its own can be computed again."""
    with acting("admin") as caller:
        caller.ask(_AUDIT)
        caller.ask(_AUDIT)
        rows = caller.ask(
            "select hash = app.audit_hash(a), previous_hash = coalesce(lag(hash) over w, '')"
            " from audit_log a window w as (order by position)"
        )
    assert rows == [(True, True)] * 3


@pytest.mark.parametrize("statement", ["update audit_log set role = ''", "delete from audit_log"])
def test_audit_entries_stay(acting: As, statement: LiteralString) -> None:
    """The application can neither change nor remove an entry."""
    with acting("admin") as caller, pytest.raises(errors.InsufficientPrivilege):
        caller.ask(statement)


def test_the_end_of_the_chain_is_out_of_reach(acting: As) -> None:
    """The application cannot read or move the end of the chain."""
    with acting("admin") as caller, pytest.raises(errors.InsufficientPrivilege):
        caller.ask("delete from audit_log_heads")
