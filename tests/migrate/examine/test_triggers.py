"""Triggers that make their table unusable, and those that do not."""

from __future__ import annotations

import pytest

from readyctl.local.state import LocalState
from readyctl.migrate.examine.places import Places
from readyctl.migrate.examine.triggers import RAISED, examine_triggers
from readyctl.model.expectation import Examination
from readyctl.model.status import Severity
from tests.migrate.examine.conftest import Shadow, migration, shadow_on

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("examine")]

_USERS = """
create schema auth;
create domain public.email as text check (value ~ '@');
create type public.kind as enum ('a', 'b');
create table public.practices (id uuid primary key default gen_random_uuid(), name text not null
  check (name = 'a fixed name'), boss uuid references public.practices);
create table auth.users (id uuid primary key, email public.email not null unique,
  practice uuid not null references public.practices, kind public.kind not null,
  code varchar(3) not null, made timestamptz not null default now(), n bigint generated always as
  identity, meta jsonb, tags text[] not null, alone int check (alone > 100));
create table public.profiles (id uuid primary key references auth.users, practice uuid references
  public.practices, email text, phone text not null default '');
alter table auth.users enable row level security;
alter table auth.users force row level security;
"""
_NEW_USER = """
create function public.handle_new_user() returns trigger language plpgsql as $$
begin
  {body}
  return new;
end $$;
create trigger on_auth_user_created after insert on auth.users
  for each row execute function public.handle_new_user();
"""


def examined(shadow: Shadow, statements: str) -> Examination:
    """Examine the triggers of the users' table."""
    shadow.run(_USERS + statements)
    places = Places([migration(statements)])
    return examine_triggers(shadow.session, shadow.catalog(), places)


def test_no_user_can_be_created(shadow: Shadow) -> None:
    """The flaw says which statement fails in which trigger and function, why, and where that is."""
    body = "insert into public.profiles (id, full_name)\n  values (new.id, new.email);"
    (flaw,) = examined(shadow, _NEW_USER.format(body=body)).flaws
    assert flaw.message == (
        "an insert into auth.users fails in trigger on_auth_user_created -> handle_new_user():"
        ' column "full_name" of relation "profiles" does not exist (42703) at line 3'
    )
    assert (flaw.severity, flaw.place) == (Severity.BLOCKER, "1_a.sql:4")


@pytest.mark.parametrize("server", ["local_empty", "fifteen"])
def test_a_trigger_that_works_is_decided(server: str, request: pytest.FixtureRequest) -> None:
    """A row that satisfies every constraint is made, whatever the constraints demand."""
    body = "insert into public.profiles values (new.id, new.practice, new.email);"
    state: LocalState = request.getfixturevalue(server)
    with shadow_on(state) as shadow:
        found = examined(shadow, _NEW_USER.format(body=body))
    assert (found.flaws, found.decided, found.undecided) == ((), 1, ())


def test_a_function_that_the_trigger_calls(shadow: Shadow) -> None:
    """A failure deeper inside names the trigger's function and the one that fails."""
    inner = (
        "create function public.greet(a text) returns void language plpgsql as"
        " $$ begin perform send_mail(a); end $$;"
    )
    body = "perform public.greet(new.email);"
    (flaw,) = examined(shadow, inner + _NEW_USER.format(body=body)).flaws
    assert "handle_new_user() -> greet(): function send_mail(text) does not exist" in flaw.message


@pytest.mark.parametrize("event", ["update", "delete", "insert or update of code"])
def test_updates_and_deletes_are_tried(shadow: Shadow, event: str) -> None:
    """A trigger of another command fires on the row that was inserted."""
    statements = _NEW_USER.format(body="perform 1 from public.gone;").replace(
        "after insert", f"before {event}"
    )
    (flaw,) = examined(shadow, statements).flaws
    assert "42P01" in flaw.message


def test_a_change_reaches_a_condition(shadow: Shadow) -> None:
    """An update also changes values, so that WHEN (OLD IS DISTINCT FROM NEW) holds."""
    statements = (
        _NEW_USER.format(body="perform 1 from public.gone;")
        .replace(
            "after insert on auth.users",
            "after update on auth.users",
        )
        .replace("for each row", "for each row when (old.code is distinct from new.code)")
    )
    (flaw,) = examined(shadow, statements).flaws
    assert flaw.message.startswith("an update of auth.users fails")


@pytest.mark.parametrize("when", ["for each statement", "for each row"])
def test_statement_and_deferred_triggers(shadow: Shadow, when: str) -> None:
    """Triggers for a statement fire, and so do those that wait for the end of a transaction."""
    statements = _NEW_USER.format(body="perform 1 from public.gone;").replace("for each row", when)
    if when == "for each row":
        statements = statements.replace("create trigger", "create constraint trigger").replace(
            "auth.users\n", "auth.users deferrable initially deferred\n"
        )
    assert len(examined(shadow, statements).flaws) == 1


def test_a_trigger_that_refuses_is_not_decided(shadow: Shadow) -> None:
    """A trigger that raises an exception means to: that is no flaw, and no pass."""
    body = "raise exception 'no % today', new.email;"
    found = examined(shadow, _NEW_USER.format(body=body))
    assert found.flaws == ()
    assert [entry.why for entry in found.undecided] == [f"INSERT: {RAISED} (SQLSTATE P0001)"]


def test_a_row_that_the_trigger_leaves_out(shadow: Shadow) -> None:
    """A trigger that writes a row without what another table needs is a flaw."""
    statements = "create table public.logs (who text, what text not null);" + _NEW_USER.format(
        body="insert into public.logs (who) values (new.email);"
    )
    (flaw,) = examined(shadow, statements).flaws
    assert "23502" in flaw.message


def test_a_row_that_refers_to_one_that_is_not_there_yet(shadow: Shadow) -> None:
    """A trigger before the insert that writes what refers to the new row can never work."""
    statements = _NEW_USER.format(body="insert into public.profiles (id) values (new.id);")
    (flaw,) = examined(shadow, statements.replace("after insert", "before insert")).flaws
    assert "23503" in flaw.message


@pytest.mark.parametrize(
    "values",
    ["values (new.email, new.meta->>'what')", "values (null, current_setting('a.b', true))"],
)
def test_a_value_that_another_row_could_have(shadow: Shadow, values: str) -> None:
    """A value that the tried row does not give is not decided: another one may."""
    statements = "create table public.logs (who text, what text not null);" + _NEW_USER.format(
        body=f"insert into public.logs (who, what) {values};"
    )
    found = examined(shadow, statements)
    assert (found.flaws, [entry.what for entry in found.undecided]) == ((), ["auth.users"])


def test_nothing_stays(shadow: Shadow) -> None:
    """Rows, constraints, triggers and row-level security are what they were."""
    look = (
        "select (select count(*) from auth.users), (select count(*) from public.practices),"
        " (select count(*) from pg_constraint where contype = 'c'),"
        " (select count(*) from pg_trigger where tgenabled = 'O'), relforcerowsecurity"
        " from pg_class where oid = 'auth.users'::regclass"
    )
    shadow.run(_USERS + _NEW_USER.format(body="insert into public.profiles values (new.id);"))
    before = shadow.rows(look)
    examine_triggers(shadow.session, shadow.catalog(), Places(()))
    assert shadow.rows(look) == before


def test_no_value_is_repeated(shadow: Shadow) -> None:
    """What a trigger raises on purpose may quote a row, and is not repeated."""
    body = "raise exception 'value %', 'of-a-row' using errcode = '42703';"
    found = examined(shadow, _NEW_USER.format(body=body))
    assert "of-a-row" not in repr(found)
