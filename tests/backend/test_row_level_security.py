"""Row-level security by itself: what each role sees where a statement filters nothing."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, LiteralString

import psycopg
import pytest
from psycopg import sql
from psycopg.types.json import Jsonb

from tests.backend.matrix import ROLES
from tests.backend.people import identifier, practice_id

pytestmark = pytest.mark.environment

TWO = practice_id(2)
STAFF = frozenset(ROLES) - {"client"}
ALL = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()
ADMIN = frozenset({"admin"})
# The therapist who treats the client, who supervises them, and administrators.
CARE = frozenset({"admin", "supervisor", "host"})
OFFICE = frozenset({"admin", "desk", "billing"})

# Who of practice One sees something in each table. A table that is not here fails the test.
SEEN: dict[str, frozenset[str]] = {
    "practices": ALL,
    "practice_settings": ALL,
    "users": ALL,
    "clinician_licences": STAFF,
    "staff_invitations": ADMIN,
    "sign_in_attempts": ADMIN,
    "clients": CARE | OFFICE | {"client"},
    "record_counters": STAFF,
    "client_clinical_details": CARE,
    "client_contacts": CARE | {"desk", "client"},
    "client_insurance": CARE | OFFICE | {"client"},
    "care_team_members": STAFF,
    "break_glass_grants": ADMIN | {"other"},
    "service_codes": ALL,
    "places_of_service": ALL,
    "diagnosis_codes": ALL,
    "appointments": ALL,
    "clinician_schedules": ALL,
    "schedule_exceptions": ALL,
    "blocked_times": ALL,
    "appointment_holds": ALL,
    "appointment_participants": ALL,
    "appointment_confirmations": NOBODY,
    "appointment_reminders": NOBODY,
    "waitlist_entries": ALL,
    "waitlist_offers": ALL,
    "notes": CARE | {"trainee"},
    "note_versions": CARE,
    "note_signatures": CARE,
    "note_reviews": CARE,
    "note_addenda": CARE,
    "note_unlock_requests": CARE,
    "note_diagnoses": CARE,
    "assessments": CARE,
    "tasks": CARE,
    "notifications": frozenset({"host"}),
    "telehealth_sessions": frozenset({"admin", "host", "desk", "client"}),
    "session_participants": frozenset({"admin", "host"}),
    "session_messages": frozenset({"host"}),
    "waiting_room_queue": frozenset({"admin", "host", "desk", "client"}),
    "telehealth_consents": CARE | {"client"},
    "session_recordings": frozenset({"admin", "host"}),
    "session_transcripts": frozenset({"admin", "host"}),
    "websocket_connections": frozenset({"host"}),
    "message_reads": frozenset({"host"}),
    "documents": CARE | {"client"},
    "document_templates": STAFF,
    "portal_invitations": frozenset({"admin", "desk"}),
    "portal_forms": ALL,
    "portal_form_assignments": CARE | {"desk", "client"},
    "claims": frozenset({"admin", "billing"}),
    "claim_lines": frozenset({"admin", "billing"}),
    "payments": frozenset({"admin", "billing", "client"}),
    "payment_events": NOBODY,
    "incident_to_checks": frozenset({"admin", "billing"}),
    "advancedmd_calls": frozenset({"admin", "billing"}),
    "alerts": CARE,
    "notification_rules": ADMIN,
    "record_exports": frozenset({"admin", "client"}),
    "ai_drafts": frozenset({"host"}),
    "job_runs": ADMIN,
    "release_metrics": ADMIN,
    "quality_findings": ADMIN,
    "outbox": NOBODY,
    "consumed_events": NOBODY,
    "idempotency_keys": frozenset({"host"}),
    "audit_log": ADMIN,
    "rate_limits": NOBODY,
    "audit_log_heads": NOBODY,
}
# What belongs to no practice: codes that everybody reads, and counters of calls.
SHARED = {"practices", "service_codes", "places_of_service", "diagnosis_codes", "rate_limits"}
# What nobody is granted, or what is empty until somebody is counted.
UNGRANTED = {"audit_log_heads"}


@contextmanager
def acting(dsn: str, request: dict[str, str]) -> Iterator[psycopg.Connection[Any]]:
    """Act as the application for somebody, in a transaction that is rolled back."""
    with psycopg.connect(dsn) as connection:
        connection.execute("set local role readyctl_app")
        connection.execute("select app.begin_request(%s)", [Jsonb(request)])
        yield connection
        connection.rollback()


def count(connection: psycopg.Connection[Any], table: str, practice: str = "") -> int:
    """How many rows of a table, or of one practice in it, there are for whoever asks."""
    where = sql.SQL("practice_id = {}").format(practice) if practice else sql.SQL("true")
    query = sql.SQL("select count(*) from {} where {}").format(sql.Identifier(table), where)
    row = connection.execute(query).fetchone()
    return int(row[0]) if row else 0


def tables(dsn: str) -> list[str]:
    """Return every table."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(
            "select relname from pg_class where relnamespace = 'public'::regnamespace"
            " and relkind in ('r', 'p') order by 1"
        ).fetchall()
    return [row[0] for row in rows]


def test_every_table_is_in_the_matrix(migrated: str) -> None:
    """A table that is added has somebody who says who may see it."""
    assert sorted(SEEN) == tables(migrated)


def test_no_table_is_empty(migrated: str) -> None:
    """Both practices have something in each table, or else the matrix would show nothing."""
    with psycopg.connect(migrated) as connection:
        for table in set(SEEN) - SHARED:
            for practice in (practice_id(1), TWO):
                assert count(connection, table, practice), table


@pytest.mark.parametrize("subject", ROLES)
def test_each_role_sees_what_it_may(migrated: str, subject: str) -> None:
    """Without any filter, a role sees something in just the tables that the matrix says."""
    seen = {}
    with acting(migrated, {"subject": subject}) as connection:
        for table in sorted(set(SEEN) - UNGRANTED):
            seen[table] = count(connection, table) > 0
    assert seen == {table: subject in SEEN[table] for table in seen}


def about(connection: psycopg.Connection[Any], row_id: str) -> set[str]:
    """The tables in which whoever asks finds a row that names an id, in whichever column."""
    found = set()
    for table in set(SEEN) - UNGRANTED:
        query = sql.SQL("select exists (select from {} t where position({} in t::text) > 0)")
        row = connection.execute(query.format(sql.Identifier(table), sql.Literal(row_id)))
        if row.fetchone()[0]:  # type: ignore[index]
            found.add(table)
    return found


def test_a_client_sees_nothing_of_another_client(migrated: str) -> None:
    """No row anywhere names a client to somebody else who is treated in the practice."""
    with acting(migrated, {"subject": "second"}) as connection:
        assert about(connection, identifier("2", "1")) == set()
        assert about(connection, identifier("1", "4")) == set()
        assert "clients" in about(connection, identifier("2", "2"))


@pytest.mark.parametrize("subject", ["other", "trainee"])
def test_a_clinician_sees_just_the_calendar_of_whom_they_do_not_treat(
    migrated: str, subject: str
) -> None:
    """Appointments, the waitlist and their own work name a client; no record does."""
    calendar = {"appointments", "waitlist_entries", "care_team_members"}
    own = {"other": {"break_glass_grants"}, "trainee": {"notes"}}[subject]
    with acting(migrated, {"subject": subject}) as connection:
        assert about(connection, identifier("2", "1")) == calendar | own


@pytest.mark.parametrize("subject", ROLES)
def test_no_role_sees_another_practice(migrated: str, subject: str) -> None:
    """Without any filter, nothing of practice Two is there."""
    with acting(migrated, {"subject": subject}) as connection:
        for table in set(SEEN) - SHARED - UNGRANTED:
            assert count(connection, table, TWO) == 0, table
        assert count(connection, "practices") == 1


@pytest.mark.parametrize("request_row", [{}, {"subject": "unknown"}, {"subject": "inactive"}])
def test_nobody_sees_nothing(migrated: str, request_row: dict[str, str]) -> None:
    """Whoever is not known here sees no row, not even a code; only a token's own user row."""
    with acting(migrated, request_row) as connection:
        seen = {table for table in set(SEEN) - UNGRANTED if count(connection, table)}
    assert seen <= {"users"}


def test_the_system_of_no_practice_sees_which_there_are(migrated: str) -> None:
    """A schedule begins with the practices, and with nothing that is in them."""
    with acting(migrated, {"system": "true"}) as connection:
        seen = {table for table in set(SEEN) - UNGRANTED if count(connection, table)}
    assert seen == {"practices", "service_codes", "places_of_service", "diagnosis_codes"}


def test_the_system_sees_one_practice(migrated: str) -> None:
    """In a practice, the system sees nothing of another."""
    with acting(migrated, {"practice_id": practice_id(1)}) as connection:
        for table in set(SEEN) - SHARED - UNGRANTED:
            assert count(connection, table, TWO) == 0, table


@pytest.mark.parametrize("subject", [*ROLES, "system"])
@pytest.mark.parametrize("change", ["update {} set practice_id = practice_id", "delete from {}"])
def test_nothing_of_another_practice_is_changed(
    migrated: str, subject: str, change: LiteralString
) -> None:
    """An update or a delete without a filter touches no row of practice Two."""
    request = {"practice_id": practice_id(1)} if subject == "system" else {"subject": subject}
    with acting(migrated, request) as connection:
        for table in sorted(set(SEEN) - SHARED):
            before = _places(connection, table)
            connection.execute("savepoint before")
            try:
                connection.execute(sql.SQL(change).format(sql.Identifier(table)))
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError):
                # Not granted, or held by a foreign key: nothing changed at all.
                connection.execute("rollback to before")
                continue
            after = _places(connection, table)
            connection.execute("rollback to before")
            assert after == before, table


def _places(connection: psycopg.Connection[Any], table: str) -> list[str]:
    """Where the rows of practice Two are: an update puts them elsewhere."""
    query = sql.SQL("select ctid::text from {} where practice_id = {} order by 1")
    connection.execute("reset role")
    rows = connection.execute(query.format(sql.Identifier(table), TWO)).fetchall()
    connection.execute("set local role readyctl_app")
    return [row[0] for row in rows]


@pytest.mark.parametrize("subject", ROLES)
def test_no_row_is_put_into_another_practice(migrated: str, subject: str) -> None:
    """Nobody moves a row of theirs into practice Two."""
    moved = sql.SQL("update {} set practice_id = {}")
    with acting(migrated, {"subject": subject}) as connection:
        for table in sorted(set(SEEN) - SHARED - UNGRANTED):
            connection.execute("savepoint before")
            try:
                done = connection.execute(moved.format(sql.Identifier(table), TWO))
                assert done.rowcount == 0, table
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.IntegrityError):
                connection.execute("rollback to before")


# Where practice One has rows of several people: the last digits of the ids that each role sees.
EVERY_USER = "12346789ab"
WHICH: dict[str, dict[str, str]] = {
    # The host and the trainee treat or write about one client: neither reads the other's notes.
    "notes": {"admin": "123", "supervisor": "123", "host": "13", "trainee": "2"},
    "clients": {
        "admin": "12",
        "desk": "12",
        "billing": "12",
        "supervisor": "1",
        "host": "1",
        "client": "1",
    },
    # Clients see themselves, and who treats people here.
    "users": dict.fromkeys(STAFF, EVERY_USER) | {"client": "12467"},
}


@pytest.mark.parametrize("subject", ROLES)
@pytest.mark.parametrize("table", sorted(WHICH))
def test_each_role_sees_just_its_rows(migrated: str, table: str, subject: str) -> None:
    """Where a table has rows of several people, a role sees those that it may, and no others."""
    query = sql.SQL("select right(id::text, 1) from {} order by 1").format(sql.Identifier(table))
    with acting(migrated, {"subject": subject}) as connection:
        rows = connection.execute(query).fetchall()
    assert "".join(row[0] for row in rows) == WHICH[table].get(subject, "")


def test_emergency_access_opens_one_client(migrated: str) -> None:
    """While a grant is in force its holder sees the client's record; when it has ended, no more."""
    grant: LiteralString = (
        "insert into break_glass_grants (client_id, reason, expires_at) values"
        " ('20000000-0000-4000-8000-000000000001', 'the client called in crisis',"
        " now() + interval '1 hour')"
    )
    with acting(migrated, {"subject": "other"}) as connection:
        before = count(connection, "client_clinical_details")
        connection.execute(grant)
        during = count(connection, "client_clinical_details")
    assert (before, during) == (0, 1)
