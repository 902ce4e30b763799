"""Every step of every state machine: those that are written down are taken, all others refused."""

from __future__ import annotations

import re

import psycopg
import pytest

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


@pytest.mark.parametrize("table", sorted(STEPS))
def test_the_steps_are_those_agreed_upon(migrated: str, table: str) -> None:
    """Code, database and document have the same machine."""
    assert machines(migrated)[table] == STEPS[table]


def test_every_step_is_refused_but_those(migrated: str) -> None:
    """For each machine and each pair of states, PostgreSQL takes the step or refuses it."""
    got: dict[tuple[str, str], bool] = {}
    wanted: dict[tuple[str, str], bool] = {}
    with psycopg.connect(migrated) as connection:
        for table, steps in machines(migrated).items():
            arguments = ", ".join(f"'{step}'" for step in sorted(steps))
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
