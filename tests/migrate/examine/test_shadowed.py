"""Definitions that do nothing because one of that name is there."""

from __future__ import annotations

import pytest

from readyctl.migrate.examine.shadowed import examine_shadowed
from readyctl.model.flaw import Flaw
from readyctl.model.status import Severity
from tests.migrate.examine.conftest import migration

_TABLE = "create table t (id int primary key, name text not null);"
_ENUM = "create type mood as enum ('a', 'b');"


def _do(statement: str) -> str:
    return f"do $$\nbegin\n  {statement}\nexception when duplicate_object then null;\nend $$;"


def flaws(first: str, second: str) -> tuple[Flaw, ...]:
    """Return the flaws of two files."""
    files = [migration(first, "1_a.sql"), migration(second, "2_b.sql")]
    return examine_shadowed(files).flaws


SHADOWED = {
    "a column": (
        _TABLE,
        "create table if not exists public.t (id int, phone text);",
        "no column phone",
    ),
    "a type": (
        _TABLE,
        "create table if not exists t (id int, name varchar(9));",
        "column name is text, not varchar(9)",
    ),
    "a key": (
        "create table t (id int);",
        "create table if not exists t (id int primary key);",
        "no primary key (id)",
    ),
    "NOT NULL": (
        "create table t (id int);",
        "create table if not exists t (id int not null);",
        "not null on id",
    ),
    "a foreign key": (
        _TABLE,
        "create table if not exists t (id int primary key references u);",
        "foreign key (id) to public.u",
    ),
    "a check": (_TABLE, "create table if not exists t (id int, check (id > 0));", "check (id > 0)"),
    "a dropped column": (
        _TABLE + "alter table t drop column name;",
        "create table if not exists t (id int, name text);",
        "no column name",
    ),
    "a renamed column": (
        _TABLE + "alter table t rename column name to title;",
        "create table if not exists t (id int, name text);",
        "no column name",
    ),
    "a retyped column": (
        _TABLE + "alter table t alter column name type json;",
        "create table if not exists t (id int, name text);",
        "name is json",
    ),
    "a renamed table": (
        _TABLE + "alter table t rename to u;",
        "create table if not exists u (phone text);",
        "no column phone",
    ),
    "a moved table": (
        _TABLE + "alter table t set schema app;",
        "create table if not exists app.t (phone text);",
        "no column phone",
    ),
    "ADD COLUMN": (_TABLE, "alter table t add column if not exists name json;", "name is text"),
    "an index": (
        "create index i on t (a);",
        "create index if not exists i on t (b);",
        "something else",
    ),
    "a sequence": (
        "create sequence s;",
        "create sequence if not exists s increment 2;",
        "something else",
    ),
    "a materialized view": (
        "create materialized view v as select 1;",
        "create materialized view if not exists v as select 2;",
        "something else",
    ),
    "an enum in DO": (_ENUM, _do("create type mood as enum ('a', 'b', 'c');"), "no column c"),
    "a policy in DO": (
        "create policy p on t using (true);",
        _do("create policy p on t using (false);"),
        "something else",
    ),
    "a table in DO": (
        _TABLE,
        "do $$ begin if not exists (select 1) then create table t (x int); end if; end $$;",
        "no column x",
    ),
}
SOUND = {
    "the same": (_TABLE, "CREATE TABLE IF NOT EXISTS public.T (id integer, name text not null);"),
    "a key in another place": (
        _TABLE,
        "create table if not exists t (id int, name text, constraint k primary key (id));",
    ),
    "what was added": (
        _TABLE + "alter table t add column phone text, add check (id > 0);",
        "create table if not exists t (id int, phone text, check (id > 0));",
    ),
    "what was dropped": (
        _TABLE + "drop table if exists t;",
        "create table if not exists t (phone json);",
    ),
    "another schema": (_TABLE, "create table if not exists app.t (phone json);"),
    "a dropped schema": (
        "create table app.t (id int); drop schema app cascade;",
        "create table if not exists app.t (phone json);",
    ),
    "an enum with a value more": (
        _ENUM + "alter type mood add value 'c';",
        _do("create type mood as enum ('a', 'b', 'c');"),
    ),
    "an index of a dropped table": (
        _TABLE + "create index i on t (id); drop table t;",
        "create index if not exists i on u (id);",
    ),
    "an index in other words": (
        "create index i on t (a);",
        "CREATE INDEX concurrently IF NOT EXISTS i ON t USING btree (a);",
    ),
    "a policy that is dropped": (
        "create policy p on t using (true); drop policy p on t;",
        _do("create policy p on t using (false);"),
    ),
    "an overload": (
        "create function f(a int) returns int language sql as 'select 1';",
        "create function f(a text) returns int language sql as 'select 1';",
    ),
    "the same function": (
        "create function f(a int) returns int language sql as 'select 1';",
        "create or replace function f(a int) returns int language sql as 'select 1';",
    ),
    "a function that is dropped": (
        "create function f(a int) returns int language sql as 'select 1'; drop function f(int);",
        "create or replace function f(a text) returns int language sql as 'select 1';",
    ),
}


@pytest.mark.parametrize("case", SHADOWED)
def test_a_definition_that_does_nothing(case: str) -> None:
    """It is a flaw that names what differs, and the place of the definition that is there."""
    first, second, differs = SHADOWED[case]
    (flaw,) = flaws(first, second)
    assert differs in flaw.message
    assert "1_a.sql:1" in flaw.message
    assert flaw.file == "2_b.sql"


@pytest.mark.parametrize("case", SOUND)
def test_a_definition_that_changes_nothing_that_differs(case: str) -> None:
    """It is no flaw where what is there is what the file says, or is not there any more."""
    assert flaws(*SOUND[case]) == ()


def test_a_statement_in_do_has_its_own_line() -> None:
    """The line is that of the statement inside of the block."""
    (flaw,) = flaws(_ENUM, _do("create type mood as enum ('z');"))
    assert flaw.place == "2_b.sql:3"


def test_a_replaced_function_is_said_once() -> None:
    """A function that later files replace is one low flaw, at its last definition."""
    text = "create or replace function f() returns int language sql as 'select {}';"
    files = [migration(text.format(number), f"{number}_x.sql") for number in (1, 2, 3)]
    (flaw,) = examine_shadowed(files).flaws
    assert (flaw.severity, flaw.file) == (Severity.LOW, "3_x.sql")
    assert flaw.message == "public.f() replaces that of 2_x.sql:1, and 1 before it"


def test_an_overload_that_was_meant_to_replace() -> None:
    """OR REPLACE with other arguments leaves the first function callable."""
    (flaw,) = flaws(
        "create or replace function f(a int) returns int language sql as 'select 1';",
        "create or replace function f(a text) returns int language sql as 'select 1';",
    )
    assert "the function of 1_a.sql:1 has other arguments, and stays callable" in flaw.message


def test_columns_of_a_query_are_not_decided() -> None:
    """What a query gives a table is not told by the files, and that is said."""
    files = [
        migration("create table t as select 1 as a;", "1_a.sql"),
        migration("create table if not exists t (b int);", "2_b.sql"),
    ]
    found = examine_shadowed(files)
    assert (found.flaws, [entry.what for entry in found.undecided]) == ((), ["public.t"])
