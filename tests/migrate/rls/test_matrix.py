"""The matrix: what each role reaches, tried on the database and undone."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import psycopg
import pytest

from readyctl.errors import MigrateError
from readyctl.migrate.rls.probe import Limits
from readyctl.report.rls import letters, render_rls
from tests.migrate.rls.conftest import Database

pytestmark = pytest.mark.environment

CALLERS = """
rls: 1
tenant_column: tenant
callers:
  one: {role: {reader}, settings: {app.tenant: one}, tenant: one}
  two: {role: {reader}, settings: {app.tenant: two}, tenant: two}
"""
MATRIX: dict[str, Any] = {"cases": False}


def shown(database: Database, table: str, caller: str = "") -> str:
    """The letters of a table and a caller."""
    return letters(database.test(**MATRIX).matrix.of(table, caller or database.reader))


def test_a_caller_reaches_their_own_rows(database: Database) -> None:
    """Of two tenants' rows each sees, inserts, changes and deletes some."""
    database.write(CALLERS)
    assert (shown(database, "notes", "one"), shown(database, "notes")) == ("riud", "----")


@pytest.mark.parametrize(
    ("change", "letters_of_reader"),
    [
        ("alter table notes disable row level security", "RIUD"),
        ("alter policy own on notes using (true)", "RIUD"),
        ("alter policy own on notes using (1 = 1)", "RIUD"),
        ("alter policy own on notes with check (true)", "-I--"),
        ("drop policy own on notes", "----"),
        ("revoke select, insert, update, delete on notes from {reader}", "----"),
        ("revoke insert, delete on notes from {reader}; alter policy own on notes using (true)",
         "R-U-"),
        ("alter policy own on notes using (tenant = 'one')", "riud"),
        ("create policy narrow on notes as restrictive using (false)", "----"),
        ("alter policy own on notes using (id in (select id from notes))", "!!!!"),
        ("create function f() returns bool language sql as 'select true';"
         " revoke execute on function f() from public;"
         " alter policy own on notes using (f())", "!!!!"),
        ("revoke select on notes from {reader}; grant select (id) on notes to {reader};"
         " alter policy own on notes using (true)", "RIUD"),
        ("alter table notes alter id add generated always as identity;"
         " alter policy own on notes using (true)", "RIUD"),
        ("truncate notes", "riud*"),
        ("truncate notes; alter policy own on notes using (true)", "RIUD*"),
    ],
)  # fmt: skip
def test_a_change_shows(database: Database, change: str, letters_of_reader: str) -> None:
    """Each way to open, close or break a table is seen in its letters."""
    database.run(
        f"grant select on notes to {{owner}}; {change}; revoke all on notes from {{owner}}"
    )
    assert shown(database, "notes") == letters_of_reader


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ("alter table notes disable row level security", "rls-off"),
        ("drop policy own on notes", "rls-no-policy"),
        ("alter policy own on notes using (true)", "rls-open-insert"),
        ("alter policy own on notes using (true)", "rls-open-write"),
        ("alter policy own on notes using (true)", "rls-anonymous-read"),
        ("alter policy own on notes using (id in (select id from notes))", "rls-error"),
        ("create policy gone on notes for delete to {reader} using (true)", "rls-blind-write"),
    ],
)
def test_a_flaw_is_named(database: Database, change: str, rule: str) -> None:
    """What is wrong has a name and a table; without the change there is none."""
    database.run("revoke all on notes from public")
    assert database.rules(**MATRIX) == []
    database.run(change)
    assert (rule, "notes") in database.rules(**MATRIX)


def test_another_tenants_rows_are_a_flaw(database: Database) -> None:
    """Whoever says whose caller it is hears of every table that shows another's rows."""
    database.write(CALLERS)
    assert database.rules(**MATRIX) == []
    database.run("create policy wide on notes for select using (tenant is not null)")
    assert ("rls-foreign-tenant", "notes") in database.rules(**MATRIX)


def test_views_are_no_tables(database: Database) -> None:
    """What can have no row-level security is no table without it."""
    database.run(
        "create view v as select 1; create materialized view m as select 1;"
        " grant select on v, m to {reader}"
    )
    assert [table.name for table in database.test(**MATRIX).matrix.tables] == ["notes"]


def test_a_partition_is_a_door_of_its_own(database: Database) -> None:
    """Policies of the parent do not bind who names the partition; ungranted ones are counted."""
    database.run(
        "create table p (id int, tenant text) partition by list (tenant);"
        " create table p1 partition of p for values in ('one');"
        " create table p2 partition of p for values in ('two');"
        " alter table p enable row level security; grant select on p, p1 to {reader}"
    )
    found = database.test(**MATRIX)
    assert ("rls-off", "p1") in [(flaw.rule, flaw.object) for flaw in found.flaws]
    assert found.matrix.left_out == ("1 partitions that nobody is granted",)


def test_a_big_table_is_not_read(database: Database) -> None:
    """A policy is asked for the few rows of the sample, however many there are."""
    database.run(
        "insert into notes select n, 'one', repeat('x', 100) from generate_series(3, 50000) n;"
        " create function slow(text) returns bool language plpgsql as"
        " $$ begin perform pg_sleep(0.002); return $1 = 'one'; end $$;"
        " alter policy own on notes using (slow(tenant))"
    )
    assert shown(database, "notes") == "riud"


def test_what_takes_too_long_is_not_decided(database: Database) -> None:
    """The slow cell is alone in that; what else there is was tried."""
    database.run(
        "create table quick (id int); alter table quick enable row level security;"
        " insert into quick values (1); create policy all_of_it on quick using (true);"
        " grant select on quick to {reader};"
        " alter policy own on notes using (true); create policy slow on notes as restrictive"
        " for delete using (pg_sleep(9) is null)"
    )
    found = database.test(limits=Limits(statement_ms=400), **MATRIX).matrix
    reached = {str(cell.command): str(cell.reach) for cell in found.of("notes", database.reader)}
    assert reached["delete"] == "undecided"
    assert letters(found.of("quick", database.reader)) == "R---"


def test_a_locked_table_is_not_waited_for(database: Database) -> None:
    """Somebody else's lock makes cells undecided."""
    with psycopg.connect(database.dsn) as connection:
        connection.execute("lock table notes in share mode")
        found = database.test(limits=Limits(lock_ms=50), **MATRIX)
        connection.rollback()
    cells = {str(c.command): c for c in found.matrix.of("notes", database.reader)}
    assert (cells["delete"].reach, cells["delete"].reason) == ("undecided", "somebody holds a lock")
    assert "Not decided" in render_rls(found)


def test_triggers_of_a_table_do_not_hinder(database: Database) -> None:
    """Where the connection may, they are off: append-only is no matter of rows."""
    database.run(
        "create function no() returns trigger language plpgsql as"
        " $$ begin raise exception 'secret words'; end $$;"
        " create trigger no before insert or update or delete on notes"
        " for each row execute function no(); alter policy own on notes using (true)"
    )
    assert shown(database, "notes") == "RIUD"


def test_where_triggers_stay_on_they_leave_it_open(database: Database) -> None:
    """An owner cannot switch them off; what they refuse is not called denied."""
    database.run(
        "create function no() returns trigger language plpgsql as"
        " $$ begin raise exception 'secret words' using errcode = 'check_violation'; end $$;"
        " create trigger no before insert on notes for each row execute function no();"
        " alter policy own on notes using (true); alter table notes owner to {owner};"
        " alter role {owner} login createrole password 'x'; grant {reader} to {owner}"
    )
    dsn = psycopg.conninfo.make_conninfo(database.dsn, user=database.owner, password="x")
    assert database.reach("notes", "insert", dsn=dsn, **MATRIX) == "undecided"


def test_who_cannot_be_acted_for_is_not_decided(database: Database) -> None:
    """A connection that may not become a role finds nothing out about it."""
    database.run("alter table notes owner to {owner}; alter role {owner} login password 'x'")
    dsn = psycopg.conninfo.make_conninfo(database.dsn, user=database.owner, password="x")
    assert database.reach("notes", "select", dsn=dsn, **MATRIX) == "undecided"


def test_nothing_is_changed(database: Database) -> None:
    """Rows, places, policies, settings and members are as before, and so are sequences."""
    database.run("create table s (id serial primary key); alter table s enable row level security;"
                 " create policy p on s using (true); grant all on s to {reader};"
                 " insert into s default values")  # fmt: skip
    database.write(CALLERS + "setup: [{table: notes, rows: [{id: 9, tenant: one}]}]\n")
    state = (
        "select (select array_agg(n.ctid::text || n::text order by id) from notes n),"
        " (select last_value from s_id_seq), (select count(*) from pg_auth_members),"
        " (select array_agg(relforcerowsecurity order by relname) from pg_class"
        "  where relnamespace = 'public'::regnamespace)"
    )
    before = database.rows(state)
    database.test()
    assert database.rows(state) == before


def test_an_interruption_leaves_nothing(database: Database) -> None:
    """A connection that ends in the middle is rolled back by the server."""
    database.run("alter policy own on notes using (pg_sleep(5) is not null)")
    database.write(CALLERS + "setup: [{table: notes, rows: [{id: 9, tenant: one}]}]\n")
    stop = (
        "select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database()"
        " and wait_event = 'PgSleep'"
    )
    with ThreadPoolExecutor(1) as pool:
        testing = pool.submit(database.test)
        for _ in range(200):
            if database.rows(stop):
                break
            threading.Event().wait(0.05)
        with pytest.raises(MigrateError) as caught:
            testing.result(20)
    assert caught.value.code == "E0479"
    assert database.rows("select count(*) from notes") == [(2,)]


def test_no_value_of_a_row_gets_out(database: Database) -> None:
    """Nothing of what the rows say is in the result."""
    database.run("alter table notes add check (body <> 'x')")
    database.write(CALLERS)
    assert "secret words" not in repr(database.test())


def test_a_role_can_be_chosen(database: Database) -> None:
    """One that holds nothing by itself, too; one that is not there is said."""
    found = database.test(roles=(database.owner,), **MATRIX).matrix
    assert [caller.name for caller in found.callers] == [database.owner]
    with pytest.raises(MigrateError) as caught:
        database.test(roles=("nobody_at_all",), **MATRIX)
    assert caught.value.code == "E0476"
