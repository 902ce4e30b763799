"""Each rule finds what is broken, where it is, and nothing in what is sound."""

from __future__ import annotations

import pytest

from tests.migrate.lint.folders import linted, places

TABLE = "create table t (id int primary key, a text, n numeric(10,4), v varchar(20));"
SECURED = TABLE + " alter table t enable row level security;"

# Rule; the files; the lines that are found in the last file, or "1:1" with the file.
BROKEN: list[tuple[str, tuple[str, ...], str]] = [
    ("drop-table", (TABLE, "drop table t;"), "2:1"),
    ("drop-table", ("drop table if exists foreign_to_us;",), "1:1"),
    ("drop-table", (TABLE, "do $$ begin\n drop table t; end $$;"), "2:2"),
    ("drop-table", (TABLE, "do $$ begin\n execute 'drop table t'; end $$;"), "2:2"),
    ("drop-column", (TABLE, "select 1;\nalter table t drop column a;"), "2:2"),
    ("drop-schema", ("create schema s;", "drop schema s cascade;"), "2:1"),
    ("truncate", (TABLE, "truncate t;"), "2:1"),
    ("every-row", (TABLE, "delete from t;"), "2:1"),
    ("every-row", (TABLE, "update t set a = 'x' where true;"), "2:1"),
    ("every-row", (TABLE, "delete from public.t where 1 = 1;"), "2:1"),
    ("narrowing-type", (TABLE, "alter table t alter n type numeric(10,2);"), "2:1"),
    ("narrowing-type", (TABLE, "alter table t alter a type varchar(5) using left(a, 5);"), "2:1"),
    ("narrowing-type", (TABLE, "alter table t alter column id type smallint;"), "2:1"),
    (
        "narrowing-type",
        ("create table t (at timestamptz);", "alter table t alter at type date;"),
        "2:1",
    ),
    ("drop-cascade", (TABLE, "drop table t cascade;"), "2:1"),
    ("drop-cascade", ("drop type mood cascade;",), "1:1"),
    ("table-without-rls", (TABLE,), "1:1"),
    ("table-without-rls", ("create table app.t as select 1 as x;",), "1:1"),
    ("table-without-rls", ("select 1 as x into t;",), "1:1"),
    ("table-without-rls", ("create table if not exists t (x int);",), "1:1"),
    (
        "table-without-rls",
        (
            "create table p (x int) partition by list (x); alter table p enable row level security;"
            "\ncreate table p1 partition of p for values in (1);",
        ),
        "1:2",
    ),
    (
        "table-without-rls",
        (SECURED, "drop table t;", "create table t (x int);"),
        "3:1",
    ),
    ("table-without-policy", (SECURED,), "1:1"),
    (
        "table-without-policy",
        (SECURED, "create policy p on t using (a = 'x');", "drop policy p on t;"),
        "1:1",
    ),
    ("disabled-rls", (SECURED, "alter table t disable row level security;"), "2:1"),
    ("disabled-rls", ("alter table elsewhere disable row level security;",), "1:1"),
    ("open-policy", (SECURED, "create policy p on t for insert with check (true);"), "2:1"),
    ("open-policy", (SECURED, "create policy p on t using (true);"), "2:1"),
    ("open-policy", ("create policy p on storage.objects for insert with check (true);",), "1:1"),
    ("open-policy", (SECURED, "create policy p on t for delete using ((1 = 1));"), "2:1"),
    (
        "open-policy",
        (
            SECURED,
            "create policy p on t for update using (a = 'x');",
            "alter policy p on t using (true);",
        ),
        "3:1",
    ),
    ("open-policy", (SECURED, "create policy p on t using (a = 'x') with check (true);"), "2:1"),
    ("open-policy", (SECURED, "create policy p on t for delete using (true);"), "2:1"),
    (
        "view-loses-invoker",
        (
            "create view v with (security_invoker = true) as select 1;",
            "create or replace view v as select 2;",
        ),
        "2:1",
    ),
    (
        "view-loses-invoker",
        (
            "create view v as select 1; alter view v set (security_invoker = on);",
            "drop view v;\ncreate view v as select 2;",
        ),
        "2:2",
    ),
    ("view-without-invoker", (SECURED, "create view v as select * from t;"), "2:1"),
    (
        "view-without-invoker",
        (SECURED, "create view v with (security_invoker = false) as select a from public.t;"),
        "2:1",
    ),
    (
        "definer-search-path",
        ("create function f() returns int language sql security definer as 'select 1';",),
        "1:1",
    ),
    (
        "definer-search-path",
        (
            "create function f() returns int language sql security definer set search_path = ''"
            " as 'select 1';",
            "create or replace function f() returns int language sql security definer"
            " as 'select 2';",
        ),
        "2:1",
    ),
    (
        "definer-search-path",
        (
            "create function f(a int) returns int language sql as 'select 1';",
            "alter function f(int) security definer;",
        ),
        "2:1",
    ),
    (
        "definer-search-path",
        (
            "create function f(a int) returns int language sql security definer as 'select 1';\n"
            "create function f(a text) returns int language sql as 'select 1';",
            "drop function f(text);",
        ),
        "1:1",
    ),
    ("grant-to-public", ("grant select on t to public;",), "1:1"),
    ("grant-to-public", ("grant all on all tables in schema app to someone, public;",), "1:1"),
    (
        "grant-to-public",
        ("alter default privileges in schema app grant select on tables to public;",),
        "1:1",
    ),
    ("role-past-rls", ("create role r bypassrls;",), "1:1"),
    ("role-past-rls", ("alter role r superuser;",), "1:1"),
    ("password-in-file", ("create role r login password 'hunter2';",), "1:1"),
    ("password-in-file", ("alter user r with password 'hunter2';",), "1:1"),
    (
        "foreign-key-without-index",
        ("create table p (id int primary key);\ncreate table c (x int references p);",),
        "1:2",
    ),
    (
        "foreign-key-without-index",
        (
            TABLE,
            "alter table t add foreign key (a) references p (a); create index on t (id, a);",
        ),
        "2:1",
    ),
    (
        "foreign-key-without-index",
        (
            "create table c (x int references p, y int); create index i on c (x);",
            "drop index i;",
        ),
        "1:1",
    ),
    (
        "foreign-key-without-index",
        ("create table c (x int references p, y int); create index on c (x) where y > 1;",),
        "1:1",
    ),
    (
        "foreign-key-without-index",
        ("create table c (x int references p); create index on c using gin (x);",),
        "1:1",
    ),
    ("seed-repeats", (TABLE, "insert into t values (1);"), "2:1"),
    ("seed-repeats", ("insert into elsewhere (a) select 1;",), "1:1"),
    ("seed-repeats", (TABLE, "insert into t (a) values ('x') on conflict do nothing;"), "2:1"),
    (
        "seed-made-up-key",
        ("create table u (id uuid primary key); insert into u values (gen_random_uuid());",),
        "1:1",
    ),
    (
        "seed-made-up-key",
        ("create table u (id int, at timestamptz unique);\ninsert into u (at) values (now());",),
        "1:2",
    ),
    ("seed-made-up-key", (TABLE, "insert into t (a) values (currval('s'));"), "2:1"),
    (
        "seed-numbered-by-hand",
        ("create table u (id serial primary key);\ninsert into u (id) values (1);",),
        "1:2",
    ),
    (
        "seed-numbered-by-hand",
        (
            "create table u (id int generated by default as identity, a text);\n"
            "insert into u values (1, 'x');",
        ),
        "1:2",
    ),
    ("table-rewrite", (TABLE, "alter table t alter id type bigint;"), "2:1"),
    ("table-rewrite", ("alter table elsewhere alter id type text;",), "1:1"),
    ("table-rewrite", (TABLE, "alter table t add u uuid default gen_random_uuid();"), "2:1"),
    ("table-rewrite", (TABLE, "alter table t add s bigserial;"), "2:1"),
    (
        "table-rewrite",
        (TABLE, "alter table t add g text generated always as (a || 'x') stored;"),
        "2:1",
    ),
    ("table-rewrite", (TABLE, "alter table t set unlogged;"), "2:1"),
    ("table-rewrite", (TABLE, "vacuum full t;"), "2:1"),
    ("constraint-scan", (TABLE, "alter table t add constraint c check (a <> '');"), "2:1"),
    ("constraint-scan", (TABLE, "alter table t add foreign key (id) references p (id);"), "2:1"),
    ("not-null-scan", (TABLE, "alter table t alter a set not null;"), "2:1"),
    ("index-blocks-writes", (TABLE, "create index on t (a);"), "2:1"),
    ("index-blocks-writes", (TABLE, "alter table t add unique (a);"), "2:1"),
    ("index-blocks-writes", (TABLE + "create index i on t (a);", "drop index i;"), "2:1"),
    ("index-blocks-writes", (TABLE, "reindex table t;"), "2:1"),
    (
        "file-in-parts",
        (TABLE, "alter table t add x int;\ncreate index concurrently i on t (a);"),
        "2:2",
    ),
    ("enum-value", ("create type m as enum ('a');", "alter type m add value 'b';"), "2:1"),
    ("drop-extension", ("drop extension pg_trgm;",), "1:1"),
]

SOUND: list[tuple[str, tuple[str, ...]]] = [
    ("drop-table", (TABLE + " drop table t;",)),
    (
        "drop-table",
        (TABLE, "create function f() returns void language plpgsql as 'begin drop table t; end';"),
    ),
    ("drop-column", (TABLE + " alter table t drop column a;",)),
    ("truncate", (TABLE + " truncate t;",)),
    ("every-row", (TABLE, "delete from t where id = 1; update t set a = '' where a is null;")),
    ("every-row", (TABLE, "update t set a = o.a from o where o.id = t.id;")),
    ("narrowing-type", (TABLE, "alter table t alter v type varchar(30), alter id type bigint;")),
    ("narrowing-type", (TABLE, "alter table t alter v type text, alter n type numeric(12,4);")),
    ("narrowing-type", (TABLE, "alter table t alter a type uuid using a::uuid;")),
    ("drop-cascade", (TABLE, "drop table t;")),
    ("table-without-rls", (TABLE, "alter table public.t enable row level security;")),
    ("table-without-rls", (TABLE, "do $$ begin alter table t enable row level security; end $$;")),
    ("table-without-rls", ("create temp table t (x int);",)),
    ("table-without-rls", (TABLE, "drop table t;")),
    (
        "table-without-rls",
        (TABLE, "alter table t rename to u;", "alter table u enable row level security;"),
    ),
    ("table-without-policy", (SECURED, "create policy p on t for select using (a = 'x');")),
    (
        "disabled-rls",
        (
            SECURED,
            "alter table t disable row level security;",
            "alter table t enable row level security;",
        ),
    ),
    ("open-policy", (SECURED, "create policy p on t for select using (true);")),
    ("open-policy", (SECURED, "create policy p on t to service_role using (true);")),
    ("open-policy", (SECURED, "create policy p on t as restrictive using (true);")),
    ("open-policy", (SECURED, "create policy p on t using (true);", "drop policy p on t;")),
    (
        "view-loses-invoker",
        (
            "create view v with (security_invoker) as select 1;",
            "create or replace view v with (security_invoker = on) as select 2;",
        ),
    ),
    (
        "view-without-invoker",
        (SECURED, "create view v with (security_invoker = 1) as select a from t;"),
    ),
    ("view-without-invoker", ("create view v as select 1;",)),
    (
        "definer-search-path",
        (
            "create function f() returns int language sql security definer as 'select 1';",
            "alter function f() set search_path = '';",
        ),
    ),
    ("definer-search-path", ("create function f() returns int language sql as 'select 1';",)),
    (
        "definer-search-path",
        (
            "create function f(a int4) returns int language sql security definer as 'select 1';",
            "alter function f(integer) set search_path = '';",
        ),
    ),
    (
        "definer-search-path",
        (
            "create function f() returns int language sql security definer as 'select 1';",
            "drop function f();",
        ),
    ),
    ("grant-to-public", ("grant select on t to somebody; revoke all on t from public;",)),
    ("role-past-rls", ("create role r nobypassrls nosuperuser;",)),
    ("password-in-file", ("create role r login; alter role r password null;",)),
    (
        "foreign-key-without-index",
        ("create table c (x int references p);", "create index concurrently i on c (x, id);"),
    ),
    ("foreign-key-without-index", ("create table c (x int primary key references p);",)),
    (
        "foreign-key-without-index",
        ("create table c (x int references p); create index on c (x) where x is not null;",),
    ),
    (
        "foreign-key-without-index",
        ("create table c (x int, y int, unique (y, x), foreign key (x, y) references p (x, y));",),
    ),
    (
        "foreign-key-without-index",
        ("create table c (x int references p);", "alter table c drop column x;"),
    ),
    ("seed-repeats", (TABLE + " insert into t values (1);",)),
    ("seed-repeats", (TABLE, "insert into t values (1) on conflict (id) do nothing;")),
    ("seed-repeats", (TABLE, "insert into t (id) values (1) on conflict do nothing;")),
    (
        "seed-repeats",
        (TABLE, "insert into t select 1 where not exists (select from t where id = 1);"),
    ),
    (
        "seed-made-up-key",
        ("create table u (id int primary key, at timestamptz); insert into u values (1, now());",),
    ),
    (
        "seed-numbered-by-hand",
        (
            "create table u (id serial primary key); insert into u values (1);"
            " select setval('u_id_seq', 1);",
        ),
    ),
    ("table-rewrite", (TABLE, "alter table t alter v type text, add w int default 5;")),
    ("table-rewrite", (TABLE, "alter table t add at timestamptz not null default now();")),
    ("table-rewrite", (TABLE + " alter table t alter id type bigint;",)),
    ("constraint-scan", (TABLE, "alter table t add constraint c check (a <> '') not valid;")),
    ("constraint-scan", (TABLE, "alter table t add x int references p;")),
    (
        "not-null-scan",
        (
            TABLE,
            "alter table t add check (a is not null) not valid;",
            "alter table t alter a set not null;",
        ),
    ),
    ("index-blocks-writes", (TABLE + " create index on t (a);",)),
    ("index-blocks-writes", (TABLE, "create index concurrently i on t (a);")),
    ("index-blocks-writes", (TABLE, "alter table t add unique using index i;")),
    ("file-in-parts", (TABLE, "set lock_timeout = 0; create index concurrently i on t (a);")),
    ("enum-value", ("alter type m rename value 'a' to 'b';",)),
]


@pytest.mark.parametrize(("rule", "files", "where"), BROKEN)
def test_what_breaks_a_rule_is_found_where_it_is(
    rule: str, files: tuple[str, ...], where: str
) -> None:
    """Rule, file and line are named, once."""
    assert places(linted(*files, rules={rule})) == [f"{rule} {where}"]


@pytest.mark.parametrize(("rule", "files"), SOUND)
def test_what_is_sound_is_not_found(rule: str, files: tuple[str, ...]) -> None:
    """No rule names what a later file, or the statement itself, has set right."""
    report = linted(*files, rules={rule})
    assert (places(report), report.undecided) == ([], ())
