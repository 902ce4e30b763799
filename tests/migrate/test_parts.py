"""A file that no one transaction holds: what it is divided into, and what lasts between."""

from __future__ import annotations

import pytest

from readyctl.migrate.parsing import parse
from readyctl.migrate.segments import behind, script, segments
from readyctl.migrate.source import read_folder
from readyctl.model.migration import Migration
from tests.migrate.conftest import Target

pytestmark = pytest.mark.environment

ENUM = "create type e as enum ('a'); create table t (x e);"


def migration(text: str, **options: str) -> Migration:
    """A file of one text."""
    statements = parse(text, "1_a.sql")
    given = tuple(options.items())
    return Migration("1", "a", "1_a.sql", text, "", "", statements, options=given)


def test_each_statement_of_a_file_without_a_transaction_is_recorded_with_it() -> None:
    """Only what cannot run in a transaction is run outside of one: a crash must not repeat it."""
    found = segments(migration("select 1; vacuum t; select 2;", transaction="off"))
    assert [(part.first, part.alone) for part in found] == [(0, False), (1, True), (2, False)]


def test_a_file_can_ask_for_one_transaction() -> None:
    """The header says so against the parse tree, and the server has the last word."""
    found = segments(migration("select 1; vacuum t;", transaction="on"))
    assert [(part.first, part.alone) for part in found] == [(0, False)]


def test_what_is_applied_is_left_out_of_its_part() -> None:
    """A file goes on in the middle of what would be one transaction."""
    found = behind(segments(migration("select 1; select 2; vacuum t;")), 1)
    assert [(part.first, part.statements[0].sql) for part in found] == [
        (1, "select 2"),
        (2, "vacuum t"),
    ]


@pytest.mark.parametrize(
    "between", ["\n-- migrate:down\ndrop table t;\n-- migrate:up\n", " -- x\n;\n\\restrict y\n"]
)
def test_what_stands_between_statements_is_not_run(between: str) -> None:
    """Neither the down part of a file nor a command of psql is sent."""
    whole = migration("select 1;\nselect 2;")
    first, second = whole.statements
    text = f"select 1{between}select 2;"
    moved = type(second)(second.sql, second.kind, text.index("select 2"), 9, 1)
    other = Migration("1", "a", "1_a.sql", text, "", "", (first, moved))
    assert script(other, segments(other)[0]) == "select 1\n;\nselect 2"


@pytest.mark.parametrize(
    "text",
    [
        "set search_path = app; begin; create table t (x int); commit;",
        "set search_path = app; create table t (x int); vacuum t; create index i on t (x);",
        "select set_config('search_path', 'app', false); create table t (x int);"
        " create index concurrently i on t (x);",
        "vacuum; set search_path = app; create table t (x int);",
    ],
)
def test_what_a_file_sets_lasts_to_its_end(target: Target, text: str) -> None:
    """Its parts are one session."""
    target.write(a1_a=f"create schema app; {text}", a2_b="create table u ();")
    target.apply()
    assert (target.exists("app.t"), target.exists("public.u")) == (True, True)


def test_what_a_file_set_is_set_again_where_it_goes_on(target: Target) -> None:
    """The next apply is another session."""
    begin = "create schema app; set search_path = app; create table t (x int); vacuum t; "
    target.write(a1_a=begin + "select 1 / 0;")
    target.refused()
    target.write(a1_a=begin + "create table u ();")
    target.apply()
    assert target.exists("app.u")


def test_a_file_is_read_as_utf8_whatever_was_set_before(target: Target) -> None:
    """Encoding and quoting of a file do not reach the next one, nor its own next part."""
    odd = "set client_encoding = 'LATIN1'; set standard_conforming_strings = off; "
    target.write(
        a1_a=odd + "create table t (x text); vacuum t; insert into t values ('ä\\');",
        a2_b="insert into t values ('ä\\');",
    )
    target.apply()
    assert target.rows("select distinct x from t") == [("ä\\",)]


@pytest.mark.parametrize(
    "use",
    [
        "insert into t values ('b');",
        "do $$ begin insert into t values ('b'); end $$;",
        "alter table t alter x set default 'b';",
    ],
)
@pytest.mark.parametrize(
    "add", ["alter type e add value 'b';", "do $$ begin alter type e add value 'b'; end $$;"]
)
def test_a_new_value_can_be_used_in_its_file(target: Target, add: str, use: str) -> None:
    """However it is added, and however it is used."""
    target.write(a1_a=ENUM, a2_b=f"{add} {use}")
    target.apply()
    assert target.states() == {"1": "applied", "2": "applied"}


@pytest.mark.parametrize("middle", ["-- 'b'\n", "comment on type e is 'b';", "select 'b'::text;"])
def test_a_value_that_is_only_mentioned_parts_no_file(target: Target, middle: str) -> None:
    """Of a file that fails, nothing is kept that could have been one transaction."""
    target.write(a1_a=ENUM, a2_b=f"alter type e add value 'b'; {middle} select 1 / 0;")
    error = target.refused()
    assert "nothing of the file" in error.hint
    assert target.states()["2"] == "pending"


@pytest.mark.parametrize(
    "commits",
    [
        "call p();",
        "do $$ begin insert into t values (1); commit; insert into t values (2); end $$;",
    ],
)
def test_what_commits_by_itself_is_run_by_itself(target: Target, commits: str) -> None:
    """The server says so; what is before and behind it is applied once."""
    target.write(
        a1_a="create table t (x int); create procedure p() language plpgsql as $$ begin"
        " insert into t values (1); commit; insert into t values (2); end $$;",
        a2_b=f"insert into t values (0); {commits} insert into t values (3);",
    )
    target.apply()
    assert target.rows("select array_agg(x order by x) from t") == [([0, 1, 2, 3],)]


def test_an_index_of_the_same_name_is_not_taken_for_the_one_that_is_meant(target: Target) -> None:
    """It is refused each time, not passed over the second time."""
    target.write(
        a1_a="create table t (x int); create table u (x int); create index i on u (x);",
        a2_b="create index concurrently i on t (x);",
    )
    assert [target.refused().code for _ in range(2)] == ["E0431", "E0431"]


def test_rows_that_a_file_reads_are_passed_over(target: Target) -> None:
    """COPY to the client ends, and the file is applied."""
    target.write(a1_a="create table t (x int); insert into t values (1); copy t to stdout;")
    assert target.apply() == 1


def test_rows_that_a_file_lacks_are_an_error(target: Target) -> None:
    """COPY from the client has none."""
    target.write(a1_a="create table t (x int); copy t from stdin; select 1;")
    error = target.refused()
    assert (error.code, error.where) == ("E0431", "1_a.sql:1:25")


def test_a_rule_does_not_move_the_place(target: Target) -> None:
    """One that answers with rows of its own is no further statement."""
    target.write(
        a1_a="create table t (x int primary key); create table u (x int);"
        " create rule r as on insert to u do also select 1;",
        a2_b="insert into u values (1);\ninsert into t values (1);\ninsert into t values (1);\n"
        "insert into t values (2);",
    )
    assert target.refused().where == "2_b.sql:3:1"


def test_a_file_that_ends_the_connection_is_one_error(target: Target) -> None:
    """Nothing of it is there."""
    target.write(a1_a="create table t (); select pg_terminate_backend(pg_backend_pid());")
    assert target.refused().code == "E0433"
    assert not target.exists("t")


@pytest.mark.parametrize("text", ["discard all;", "select pg_advisory_unlock_all();"])
def test_a_file_must_not_give_back_the_lock(target: Target, text: str) -> None:
    """A rival would come between."""
    target.write(a1_a=text)
    assert target.refused().code == "E0421"


@pytest.mark.parametrize(
    "header", ["transacton=off", "transaction=of", "lock-timeout=soon", "transaction"]
)
def test_a_header_that_means_nothing_is_refused(target: Target, header: str) -> None:
    """A slip of the pen is not passed over."""
    target.write(a1_a=f"\n-- readyctl: {header}\nselect 1;")
    error = target.refused()
    assert (error.code, error.where) == ("E0437", "1_a.sql:2")


def test_a_header_gives_a_file_its_time(target: Target) -> None:
    """Timeouts of one file are not those of the next."""
    target.write(
        a1_a="-- readyctl: lock-timeout=200ms statement-timeout=1min\n"
        "create table t as select current_setting('lock_timeout') as x,"
        " current_setting('statement_timeout') as y;",
        a2_b="insert into t values (current_setting('lock_timeout'), '');",
    )
    target.apply()
    assert target.rows("select x, y from t order by y desc") == [("200ms", "1min"), ("3s", "")]


def test_headers_stand_before_the_first_statement(target: Target) -> None:
    """What a body or a text says is not meant for readyctl."""
    target.write(a1_a="select '\n-- readyctl: transaction=off\n';")
    (found,) = read_folder(target.folder).migrations
    assert found.options == ()


def test_who_reads_the_ledger_does_not_read_the_files(target: Target) -> None:
    """A file may hold seed data, or a password."""
    from readyctl.clients.database import DatabaseSession
    from readyctl.migrate.ledger import Ledger
    from tests.migrate.conftest import TABLE

    target.run("create role nobody_but_reads")
    try:
        session = DatabaseSession(target.dsn)
        Ledger(session, TABLE).make(("nobody_but_reads",))
        session.close()
        assert target.rows(
            "select has_column_privilege('nobody_but_reads', 'readyctl.migrations', c, 'select')"
            " from unnest(array['version', 'content']) c"
        ) == [(True,), (False,)]
    finally:
        target.run("drop owned by nobody_but_reads; drop role nobody_but_reads")


def test_a_small_file_that_fails_among_others_is_the_only_one_that_does(target: Target) -> None:
    """Small files are sent together, and each is a transaction of its own with its own place."""
    target.write(**{f"a{number}_x": f"create table t{number} ();" for number in range(1, 6)})
    target.write(a3_x="create table t3 ();\ncreate table t3 ();")
    error = target.refused()
    assert (error.code, error.where) == ("E0431", "3_x.sql:2:1")
    assert target.states() == {
        **dict.fromkeys("12", "applied"),
        **dict.fromkeys("345", "pending"),
    }
    assert not target.exists("t3")


def test_small_files_that_are_sent_together_are_applied_each(target: Target) -> None:
    """Each has its entry, once."""
    names = {f"a{number}_x": f"create table t{number} ();" for number in range(1, 60)}
    target.write(**names)
    assert (target.apply(), target.apply()) == (59, 0)
    assert target.rows("select count(*) from pg_class where relname ~ '^t[0-9]+$'") == [(59,)]


def test_a_locked_table_keeps_back_only_what_needs_it(target: Target) -> None:
    """Of files that are sent together, those before it stay applied."""
    import psycopg

    from readyctl.migrate.runner import Limits

    target.write(a1_x="create table t1 ();", a2_x="create table t2 ();")
    target.apply()
    target.write(
        a3_x="create table t3 ();", a4_x="alter table t2 add x int;", a5_x="drop table t3;"
    )
    with psycopg.connect(target.dsn) as holder:
        holder.execute("lock table t2")
        error = target.refused(limits=Limits(lock_ms=100, tries=2))
    assert (error.code, error.where) == ("E0432", "4_x.sql:1")
    assert target.states() == {
        **dict.fromkeys("123", "applied"),
        **dict.fromkeys("45", "pending"),
    }
