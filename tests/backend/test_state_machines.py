"""Every step of every state machine: those that are written down are taken, all others refused."""

from __future__ import annotations

import re

import psycopg
import pytest

from tests.backend.people import identifier, practice_id

pytestmark = pytest.mark.environment

# What the practice agreed upon; the triggers must say the same.
STEPS: dict[str, set[str]] = {
    "appointments": {
        "scheduled>confirmed",
        "scheduled>checked_in",
        "scheduled>cancelled",
        "scheduled>no_show",
        "confirmed>checked_in",
        "confirmed>cancelled",
        "confirmed>no_show",
        "checked_in>completed",
        "checked_in>cancelled",
    },
    "notes": {
        "draft>signed",
        "draft>locked",
        "signed>pending_cosignature",
        "signed>locked",
        "pending_cosignature>cosigned",
        "pending_cosignature>returned",
        "returned>signed",
        "returned>locked",
        "cosigned>locked",
        "locked>draft",
    },
    "tasks": {
        "open>in_progress",
        "open>done",
        "open>cancelled",
        "in_progress>open",
        "in_progress>done",
        "in_progress>cancelled",
        "done>open",
    },
    "schedule_exceptions": {
        "requested>approved",
        "requested>denied",
        "requested>withdrawn",
        "approved>withdrawn",
    },
    "waitlist_entries": {
        "waiting>offered",
        "waiting>booked",
        "waiting>expired",
        "waiting>removed",
        "offered>waiting",
        "offered>booked",
        "offered>expired",
        "offered>removed",
    },
    "note_unlock_requests": {"requested>approved", "requested>denied"},
    "telehealth_sessions": {"waiting>active", "active>ended", "waiting>cancelled"},
    "waiting_room_queue": {
        "waiting>admitted",
        "waiting>denied",
        "waiting>left",
        "waiting>timed_out",
    },
    # Whoever joins again re-opens the row.
    "session_participants": {
        "connecting>connected",
        "connecting>disconnected",
        "connected>reconnecting",
        "connected>disconnected",
        "reconnecting>connected",
        "reconnecting>disconnected",
        "disconnected>connecting",
    },
    "session_recordings": {"recording>stored", "recording>failed", "stored>deleted"},
    "session_transcripts": {
        "requested>running",
        "requested>done",
        "requested>failed",
        "running>done",
        "running>failed",
    },
    "claims": {
        "draft>ready",
        "ready>draft",
        "ready>submitted",
        "submitted>accepted",
        "submitted>denied",
        "accepted>paid",
        "accepted>denied",
        "denied>appealed",
        "appealed>accepted",
        "appealed>denied",
    },
    "payments": {
        "created>processing",
        "created>succeeded",
        "created>failed",
        "created>cancelled",
        "processing>succeeded",
        "processing>failed",
        "processing>cancelled",
        "failed>processing",
        "succeeded>refunded",
    },
    "portal_form_assignments": {
        "assigned>started",
        "assigned>submitted",
        "assigned>withdrawn",
        "started>submitted",
        "started>withdrawn",
        "submitted>reviewed",
    },
    "alerts": {"open>acknowledged", "open>resolved", "acknowledged>resolved"},
    "record_exports": {"requested>done", "requested>failed"},
    "ai_drafts": {"proposed>accepted", "proposed>discarded"},
}
_TRIGGERS = (
    "select t.tgrelid::regclass::text, pg_get_triggerdef(t.oid) from pg_trigger t"
    " where t.tgfoid = 'app.enforce_transition()'::regprocedure order by 1"
)
_CHECK = (
    "select pg_get_constraintdef(oid) from pg_constraint where contype = 'c'"
    " and conname = %s || '_status_check'"
)


def machines(dsn: str) -> dict[str, set[str]]:
    """The steps that the trigger of each table allows."""
    with psycopg.connect(dsn) as connection:
        rows = connection.execute(_TRIGGERS).fetchall()
    return {table: set(re.findall(r"'(\w+>\w+)'", text)) for table, text in rows}


def states(connection: psycopg.Connection[tuple[str]], table: str) -> set[str]:
    """The states that a table's constraint knows."""
    row = connection.execute(_CHECK, [table]).fetchone()
    assert row
    return set(re.findall(r"'(\w+)'::text", row[0]))


# What has a status, and no machine: what another system said, as it said it.
REPORTED = {"advancedmd_calls", "idempotency_keys"}


def test_every_status_has_a_machine(migrated: str) -> None:
    """A status that is added needs its steps, agreed upon here and enforced there."""
    with psycopg.connect(migrated) as connection:
        rows = connection.execute(
            "select table_name from information_schema.columns where column_name = 'status'"
            " and table_schema = 'public' and table_name <> 'telehealth_waiting_rooms'"
        ).fetchall()
    assert {row[0] for row in rows} - REPORTED == set(STEPS) == set(machines(migrated))


@pytest.mark.parametrize("table", sorted(STEPS))
def test_the_steps_are_those_agreed_upon(migrated: str, table: str) -> None:
    """Code, database and document have the same machine."""
    assert machines(migrated)[table] == STEPS[table]


def test_every_step_is_refused_but_those(migrated: str) -> None:
    """For each machine and each pair of states, PostgreSQL takes the step or refuses it."""
    got: dict[tuple[str, str], bool] = {}
    wanted: dict[tuple[str, str], bool] = {}
    with psycopg.connect(migrated) as connection:
        for table, steps in STEPS.items():
            arguments = ", ".join(f"'{step}'" for step in sorted(machines(migrated)[table]))
            for old in states(connection, table):
                for new in states(connection, table) - {old}:
                    wanted[table, f"{old}>{new}"] = f"{old}>{new}" in steps
                    got[table, f"{old}>{new}"] = taken(connection, arguments, old, new)
    assert got == wanted
    assert len(got) > 150


def taken(connection: psycopg.Connection[tuple[str]], arguments: str, old: str, new: str) -> bool:
    """Whether a row with a trigger of these arguments goes from one state to the other."""
    with connection.transaction(force_rollback=True):
        connection.execute("create temp table machine (status text)")
        connection.execute(
            "create trigger t before update on machine for each row"
            f" execute function app.enforce_transition({arguments})".encode()
        )
        connection.execute("insert into machine values (%s)", [old])
        try:
            with connection.transaction():
                connection.execute("update machine set status = %s", [new])
        except psycopg.errors.CheckViolation:
            return False
        return True


NOTE = identifier("6", "1")
_LOCK = (
    "update notes set status = 'locked', locked_at = now() - interval '1 hour', version = version"
    f" where id = '{NOTE}'"
)
_UNLOCK = (
    "update notes set status = 'draft', locked_at = null, signed_at = null, version = version"
    f" where id = '{NOTE}'"
)
_ASK = (
    "insert into note_unlock_requests (practice_id, note_id, requested_by, reason, created_at)"
    f" values ('{practice_id(1)}', '{NOTE}', '{identifier('1', '1')}', 'a reason that is long',"
    " now() {0})"
)
_DECIDE = (
    "update note_unlock_requests set status = '{0}', decided_by = '" + identifier("1", "6") + "'"
    f" where note_id = '{NOTE}'"
)


@pytest.mark.parametrize(
    ("before", "opens"),
    [
        ([], False),
        ([_ASK.format("")], False),
        ([_ASK.format(""), _DECIDE.format("denied")], False),
        ([_ASK.format("- interval '2 hours'"), _DECIDE.format("approved")], False),
        ([_ASK.format(""), _DECIDE.format("approved")], True),
    ],
    ids=["nothing asked", "asked", "denied", "approved for an earlier lock", "approved"],
)
def test_a_locked_note_opens_by_an_approved_request(
    migrated: str, before: list[str], opens: bool
) -> None:
    """Nothing but a request that was approved since it was locked opens a note."""
    with psycopg.connect(migrated) as connection, connection.transaction(force_rollback=True):
        connection.execute(_LOCK.encode())
        for statement in before:
            connection.execute(statement.encode())
        assert accepted(connection, _UNLOCK) is opens


@pytest.mark.parametrize(
    ("table", "first", "then"),
    [
        ("staff_invitations", "accepted_at = now()", "accepted_at = null"),
        ("staff_invitations", "accepted_at = now()", "accepted_at = now() + interval '1 day'"),
        ("staff_invitations", "email = email", "token_sha256 = repeat('0', 64)"),
        ("portal_invitations", "used_at = now()", "used_at = null"),
        ("portal_invitations", "used_at = now()", "revoked_at = now()"),
        ("portal_invitations", "revoked_at = now()", "used_at = now()"),
    ],
)
def test_an_invitation_is_used_once(migrated: str, table: str, first: str, then: str) -> None:
    """What was accepted, used or revoked stays so, and never becomes another's."""
    with psycopg.connect(migrated) as connection, connection.transaction(force_rollback=True):
        assert accepted(connection, f"update {table} set {first}")
        assert not accepted(connection, f"update {table} set {then}")


def accepted(connection: psycopg.Connection[tuple[str]], statement: str) -> bool:
    """Whether the constraints take a statement."""
    try:
        with connection.transaction():
            connection.execute(statement.encode())
    except psycopg.errors.CheckViolation:
        return False
    return True
