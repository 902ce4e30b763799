"""What migrations need and nobody makes: root causes, in order, with their places."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.migrate.needs import causes, needs
from readyctl.migrate.parsing import parse
from readyctl.migrate.source import read_folder
from readyctl.model.cause import Cause, Reason
from readyctl.model.migration import Migration

INCOMPLETE = Path(__file__).resolve().parent.parent / "fixtures" / "incomplete"


def migration(number: int, text: str) -> Migration:
    """A file of one text."""
    file = f"{number}.sql"
    return Migration(str(number), "", file, text, "", "", parse(text, file))


def found(*texts: str) -> tuple[Cause, ...]:
    """The root causes of files with these texts."""
    return causes(needs([migration(number, text) for number, text in enumerate(texts, start=1)]))


def missing(*texts: str) -> list[str]:
    """What is missing, by name."""
    return [cause.what for cause in found(*texts)]


def test_a_root_cause_has_those_that_need_it_and_those_that_follow() -> None:
    """Of the incomplete folder three files need a table, and three follow only from these."""
    first = causes(needs(read_folder(INCOMPLETE).migrations))[0]
    assert first == Cause(
        "table orders",
        Reason.NOBODY,
        first.needs,
        ("0005_note_marks.sql", "0006_mark_view.sql", "0007_mark_count.sql"),
    )
    assert [str(place) for place in first.needs] == [
        "0002_order_notes.sql:4",
        "0003_order_index.sql:1",
        "0004_order_policies.sql:5",
    ]


def test_what_comes_too_late_is_said() -> None:
    """The file that makes it is named."""
    (cause,) = found("create table a (m mood);", "create type mood as enum ('x');")
    assert (cause.what, cause.reason, cause.by) == ("type mood", Reason.LATER, "2.sql")


def test_what_was_dropped_is_said() -> None:
    """The file that had made it is named."""
    (cause,) = found("create table a (x int);", "drop table a;", "insert into a values (1);")
    assert (cause.what, cause.reason, cause.by) == ("table a", Reason.DROPPED, "1.sql")


@pytest.mark.parametrize(
    "text",
    [
        "create table t (x int references other (id));",
        "create table t (like other);",
        "create table t () inherits (other);",
        "create table t partition of other default;",
        "create view v as select * from other;",
        "create materialized view v as select (select max(x) from other);",
        "create table t as select * from other;",
        "select * into t from other;",
        "alter table other add column x int;",
        "alter table only public.other enable row level security;",
        "alter table other rename to another;",
        "alter table other rename column x to y;",
        "alter table other owner to postgres;",
        "alter table other set schema auth;",
        "create index on other (x);",
        "create index concurrently i on public.other using gin (x);",
        "create policy p on other using (true);",
        "drop policy p on other;",
        "create trigger t after insert on other execute function pg_no();",
        "drop trigger t on public.other;",
        "comment on table other is 'x';",
        "comment on column public.other.x is 'x';",
        "grant select on other to anon;",
        "alter publication supabase_realtime add table other;",
        "insert into other values (1);",
        "update only other set x = 1;",
        "with a as (delete from other returning x) select * from a;",
        "truncate other;",
        "drop table other;",
        "create rule r as on insert to other do nothing;",
        "refresh materialized view other;",
        "create function f() returns setof int language sql as 'table other';",
        "create function f() returns int language sql begin atomic table other; end;",
        "create function f() returns int language plpgsql as 'declare a other%rowtype; begin end';",
        "create function f() returns int language plpgsql as 'declare a other.x%type; begin end';",
        "create function f(a other.x%type) returns int language sql as 'select 1';",
        "do $$ begin perform 1 from other; end $$;",
        "do $$ begin execute 'alter table other add x int'; end $$;",
        "do $$ declare i record; begin for i in select x from other loop null; end loop; end $$;",
        "select nextval('other');",
    ],
)
def test_a_table_that_is_needed_is_found(text: str) -> None:
    """In whichever statement it stands."""
    assert missing(text) == ["table other"]
    assert missing("create table public.other (x int);", text) == []


@pytest.mark.parametrize(
    "text",
    [
        "drop table if exists other;",
        "drop policy if exists p on other;",
        "drop function if exists other(int);",
        "alter table if exists other add column x int;",
        "create function f() returns int language plpgsql as $$ begin select x from other; end $$;",
        "do $$ begin if false then alter table other add x int; end if; end $$;",
        "do $$ begin alter table other add x int; exception when others then null; end $$;",
        "do $$ begin execute format('alter table %I add x int', 'other'); end $$;",
        "with other as (select 1) select * from other;",
        "with recursive other (n) as (select 1 union select n from other) select * from other;",
        "set check_function_bodies = off; create function f() returns int language sql"
        " as 'select x from other';",
        "create temporary table other (x int); select * from other;",
        "select 1 from auth.users, storage.objects, cron.job, pg_class, information_schema.tables;",
        "select extensions.uuid_generate_v4(), now(), uuid_generate_v4(), crypt('a', 'b');",
        "create table t (a citext, b vector(3), c public.t[], d int4, e bigserial);"
        " grant all on sequence t_e_seq to anon; select nextval('public.t_e_seq');",
        "create table t (id int references t (id));",
        "create table t (x int); select * from t other for update of other;",
        "alter index other rename to another;",
        "create extension strange; select is_strange('a'::oddity);",
        "reset role; set role anon; grant supabase_admin to postgres;",
    ],
)
def test_what_needs_no_file_is_left_out(text: str) -> None:
    """What may be missing, what waits until it runs, and what PostgreSQL or Supabase provides."""
    assert missing(text) == []


@pytest.mark.parametrize(
    ("maker", "user"),
    [
        (
            "create schema app; set search_path = app; create table t (x int);",
            "select 1 from app.t;",
        ),
        ("create schema app; create table app.t (x int);", "set search_path to app; table t;"),
        (
            "do $$ begin create type m as enum ('a'); exception when others then null; end $$;",
            "create table t (m m);",
        ),
        ("do $$ begin execute 'create table t (x int)'; end $$;", "table t;"),
        ("create table a (x int); alter table a rename to b;", "table b;"),
        ("create schema s; create table a (x int); alter table a set schema s;", "table s.a;"),
        ("create schema s; create table s.a (x int); alter schema s rename to r;", "table r.a;"),
        (
            "create table a (x int);",
            "create function f(r a) returns setof a language sql as 'table a';",
        ),
        ("create domain d as int; create type c as (x d);", "select null::c, null::d[];"),
        ("create aggregate g(int) (sfunc = int4pl, stype = int);", "select g(1);"),
        (
            "create role reader;",
            "grant reader to postgres; grant select on all tables in schema public to reader;",
        ),
    ],
)
def test_what_a_file_makes_is_there(maker: str, user: str) -> None:
    """Wherever it was made, renamed or moved to."""
    assert missing(maker, user) == []


@pytest.mark.parametrize(
    ("text", "what"),
    [
        ("select is_admin();", "function is_admin"),
        ("create policy p on auth.users using (public.is_admin());", "function is_admin"),
        ("create trigger t after insert on auth.users execute function touch();", "function touch"),
        ("create table app.t (x int);", "schema app"),
        ("grant usage on schema app to anon;", "schema app"),
        ("grant usage on schema public to reader;", "role reader"),
        ("create table t (m app.mood);", "type app.mood"),
        ("alter type mood add value 'x';", "type mood"),
        ('table "Other Rows";', 'table "Other Rows"'),
    ],
)
def test_other_things_are_found_too(text: str, what: str) -> None:
    """Functions, schemas, roles and types; quoted where a name needs it."""
    assert missing(text) == [what]


def test_one_maker_that_applies_is_enough() -> None:
    """A file that follows from nothing makes it, whatever happens to another that makes it too."""
    texts = (
        "create table a (x int);",
        "create table if not exists a (x int); alter table gone add y int;",
        "table a;",
    )
    (cause,) = found(*texts)
    assert (cause.held, cause.follows) == (1, ())


def test_a_table_that_is_there_is_not_made_again() -> None:
    """What IF NOT EXISTS skips needs nothing."""
    assert missing("create table a (x int);", "create table if not exists a (m gone);") == []


@given(st.permutations(range(6)))
def test_each_file_is_held_back_by_what_is_before_it(order: list[int]) -> None:
    """In a chain of files every one behind the break follows, in whichever order they are named."""
    texts = ["table gone; create table t0 (x int);"]
    texts += [f"create table t{n} as table t{n - 1};" for n in range(1, 6)]
    (cause, *late) = found(*texts)
    assert (cause.what, cause.held, late) == ("table gone", 6, [])
    shuffled = found(*(texts[number] for number in order))
    held = {file for each in shuffled for file in (*(p.file for p in each.needs), *each.follows)}
    assert f"{order.index(0) + 1}.sql" in held
