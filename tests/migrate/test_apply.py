"""Applying migrations: as a whole with an entry in the ledger, or not at all."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

import psycopg
import pytest

from readyctl.errors import MigrateError
from readyctl.migrate import planner
from readyctl.migrate.runner import Limits
from tests.fakes.pooler import Pooler
from tests.migrate.conftest import Target

pytestmark = pytest.mark.environment

SHORT = Limits(lock_ms=100, tries=2)


def test_files_are_applied_in_order_and_once(target: Target) -> None:
    """What is in the ledger is not applied again."""
    target.write(a2_b="alter table t add y int;", a1_a="create table t (x int);")
    assert [target.apply(), target.apply()] == [2, 0]
    assert target.states() == {"1": "applied", "2": "applied"}


def test_an_entry_says_what_was_done(target: Target) -> None:
    """Name, digests, who and with which readyctl."""
    target.write(a1_a="create table t (x int);")
    target.apply()
    ((name, length, kind, done, user),) = target.rows(
        "select name, length(sha256), kind, done, applied_by = session_user"
        " from readyctl.migrations"
    )
    assert (name, length, kind, done, user) == ("a", 64, "applied", 1, True)


def test_a_search_path_of_the_database_holds_for_the_next_file(target: Target) -> None:
    """As it would in a session of its own."""
    target.write(
        a1_a="create schema other; do $$ begin execute format('alter database %I set search_path"
        " = other, public', current_database()); end $$;",
        a2_b="create table t (x int);",
    )
    target.apply()
    assert target.exists("other.t")


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("create table a (x int);\n  select * from nowhere;", "1_a.sql:2:17"),
        ("create table a (x int primary key);\ninsert into a values (1), (1);", "1_a.sql:2:1"),
        ("-- ä\ncreate table a (x int);\nselect 1 / 0;", "1_a.sql:3:1"),
        (
            "create table a (x int primary key deferrable initially deferred);\n"
            "insert into a values (1), (1);",
            "1_a.sql",
        ),
    ],
)
def test_a_file_that_fails_leaves_nothing(target: Target, text: str, where: str) -> None:
    """Nothing of it is there, nothing is in the ledger, and the place is named."""
    target.write(a1_a=text)
    error = target.refused()
    assert (error.code, error.where) == ("E0431", where)
    assert not target.exists("a")
    assert target.states() == {"1": "pending"}


def test_files_before_a_failing_one_stay(target: Target) -> None:
    """Each file is a transaction of its own."""
    target.write(a1_a="create table a (x int);", a2_b="select 1 / 0;", a3_c="create table c ();")
    target.refused()
    assert target.states() == {"1": "applied", "2": "pending", "3": "pending"}


@pytest.mark.parametrize(
    "text",
    [
        "create table a (x int); insert into a values ('hunter2'::text::int);",
        "do $$ begin raise exception 'hunter2'; end $$;",
        "create table a (x text primary key); insert into a values ('hunter2'), ('hunter2');",
    ],
)
def test_no_value_gets_into_an_error(target: Target, text: str) -> None:
    """What the server quotes of a row, and what somebody raises, is not repeated as its words."""
    target.write(a1_a=text)
    error = target.refused()
    assert "hunter2" not in error.cause.partition(" in: ")[0]


def test_what_a_file_sets_ends_with_it(target: Target) -> None:
    """Search path, role and settings of a dump are not there for the next file."""
    target.write(
        a1_a="create role nobody_at_all; select set_config('search_path', '', false);"
        " set statement_timeout = 1; set role nobody_at_all;",
        a2_b="create table t (x text); insert into t select current_setting('search_path')"
        " || current_user;",
    )
    try:
        target.apply()
        assert target.rows("select x from t") == [('"$user", public' + admin(target),)]
    finally:
        target.run("drop role nobody_at_all")


def admin(target: Target) -> str:
    """The role that applies."""
    ((user,),) = target.rows("select session_user")
    return str(user)


@pytest.mark.parametrize(
    "text",
    [
        "create table t (x int); create index concurrently t_x on t (x); alter table t add y int;",
        "create table t (x int); vacuum t; create index t_x on t (x); alter table t add y int;",
        "create type e as enum ('a'); create table t (x e); alter type e add value 'b';"
        " insert into t values ('b'); create index t_x on t (x); alter table t add y int;",
        "begin; create table t (x int); commit; begin; create index t_x on t (x);"
        " alter table t add y int; commit;",
        "-- readyctl: transaction=off\ncreate table t (x int); create index t_x on t (x);"
        " alter table t add y int;",
        "create table t (x int); create index t_x on t (x); reindex index concurrently t_x;"
        " alter table t add y int;",
    ],
)
def test_what_no_transaction_holds_is_recognised(target: Target, text: str) -> None:
    """Nobody has to say so: the parse tree does."""
    target.write(a1_a=text)
    target.apply()
    assert target.states() == {"1": "applied"}
    assert target.exists("t_x")


def test_a_part_that_was_committed_is_not_run_again(target: Target) -> None:
    """A file that fails behind such a statement goes on behind it, once it is corrected there."""
    begin = "create table t (x int); create index concurrently t_x on t (x); "
    target.write(a1_a=begin + "insert into u values (1);")
    error = target.refused()
    assert "2 statements before it" in error.hint
    assert target.states() == {"1": "partial"}
    target.write(a1_a=begin + "insert into t values (1);")
    assert target.apply() == 1
    assert (target.states(), target.rows("select x from t")) == ({"1": "applied"}, [(1,)])


def test_what_is_applied_of_a_file_must_not_change(target: Target) -> None:
    """The file must go on where it ended."""
    target.write(a1_a="create table t (); vacuum t; select 1 / 0;")
    target.refused()
    target.write(a1_a="create table t (); create table u (); vacuum t;")
    assert target.refused().code == "E0428"


def test_an_invalid_index_is_not_left_behind(target: Target) -> None:
    """One that cannot be unique is dropped again, and made once it can be."""
    target.write(
        a1_a="create table t (x int); insert into t values (1), (1);",
        a2_b="create unique index concurrently t_x on t (x);",
    )
    assert target.refused().code == "E0431"
    assert not target.exists("t_x")
    target.run("delete from t")
    assert target.apply() == 1
    assert target.exists("t_x")


def test_an_index_that_was_made_before_the_end_is_recognised(target: Target) -> None:
    """Killed between the index and its entry, readyctl finds the index and goes on."""
    target.write(a1_a="create table t (x int);", a2_b="create index concurrently t_x on t (x);")
    target.apply()
    target.run(
        "update readyctl.migrations set kind = 'partial', done = 0, attempting = 0,"
        " applied_at = null where version = '2'"
    )
    assert target.apply() == 1
    assert target.states()["2"] == "applied"


@pytest.mark.parametrize("text", ["create table t (); rollback;", "prepare transaction 'x';"])
def test_a_file_must_not_roll_back(target: Target, text: str) -> None:
    """The ledger would say that it was applied."""
    target.write(a1_a=text)
    assert target.refused().code == "E0421"


def test_a_changed_file_is_refused_with_the_difference(target: Target) -> None:
    """The lines that were added and taken away are shown."""
    target.write(a1_a="create table t (x int);\n")
    target.apply()
    target.write(a1_a="create table t (x bigint);\n", a2_b="select 1;")
    error = target.refused()
    assert error.code == "E0425"
    assert "-create table t (x int);\n+create table t (x bigint);" in error.cause


def test_comments_and_layout_may_change(target: Target) -> None:
    """Only what is executed counts."""
    target.write(a1_a="create table t (x int);")
    target.apply()
    target.write(a1_a="-- Why.\ncreate table t (\n  x int\n);")
    assert target.apply() == 0
    assert target.states() == {"1": "restyled"}


def test_a_late_file_is_refused_unless_allowed(target: Target) -> None:
    """It comes before one that was applied."""
    target.write(a1_a="select 1;", a3_c="select 3;")
    target.apply()
    target.write(a2_b="select 2;")
    assert target.refused().code == "E0426"
    assert target.apply(allow_late=True) == 1


def test_a_file_that_is_gone_is_said(target: Target) -> None:
    """The ledger knows it; the folder does not."""
    target.write(a1_a="select 1;", a2_b="select 2;")
    target.apply()
    (target.folder / "1_a.sql").unlink()
    assert target.states() == {"1": "missing", "2": "applied"}


def test_what_if_not_exists_left_undone_is_told(target: Target) -> None:
    """A table of that name, with other columns, is no success that nobody hears of."""
    target.write(a1_a="create table t (x int); create table if not exists t (y int);")
    target.apply()
    assert target.seen.notices == ['relation "t" already exists, skipping']


@pytest.fixture
def holder(target: Target) -> Iterator[psycopg.Connection[tuple[object, ...]]]:
    """Somebody who has a table locked, in a transaction that goes on."""
    target.write(a1_a="create table t (x int);")
    target.apply()
    with psycopg.connect(target.dsn, application_name="the-holder") as connection:
        connection.execute("lock table t")
        yield connection
        connection.rollback()


def test_a_locked_table_is_given_up(
    target: Target, holder: psycopg.Connection[tuple[object, ...]]
) -> None:
    """After some tries the apply ends, having kept nobody waiting; nothing of the file is there."""
    target.write(a2_b="create table u (); alter table t add y int;")
    error = target.refused(limits=SHORT)
    assert (error.code, error.where, target.seen.retried) == ("E0432", "2_b.sql:1", 1)
    assert not target.exists("u")


def test_whoever_holds_the_lock_is_named(
    target: Target, holder: psycopg.Connection[tuple[object, ...]]
) -> None:
    """Program and role of the session that everybody waits for."""
    target.write(a2_b="alter table t add y int;")
    error = target.refused(limits=Limits(lock_ms=1_500, tries=1))
    assert "the-holder of" in error.cause


def test_a_lock_that_is_given_back_is_taken(
    target: Target, holder: psycopg.Connection[tuple[object, ...]]
) -> None:
    """The file is applied as soon as it can be."""
    target.write(a2_b="alter table t add y int;")
    with ThreadPoolExecutor(1) as pool:
        applied = pool.submit(target.apply, limits=Limits(lock_ms=60_000))
        assert target.seen.waiting.wait(20)
        holder.rollback()
        assert applied.result(20) == 1


def test_of_two_at_once_one_is_refused(target: Target) -> None:
    """It says who is running; no file runs twice."""
    target.write(a1_a="create table t (); select pg_advisory_lock(7);")
    with psycopg.connect(target.dsn, autocommit=True) as gate:
        gate.execute("select pg_advisory_lock(7)")
        with ThreadPoolExecutor(1) as pool:
            first = pool.submit(target.apply, limits=Limits(lock_ms=60_000))
            assert target.seen.waiting.wait(20)
            error = target.refused()
            gate.execute("select pg_advisory_unlock(7)")
            assert first.result(20) == 1
    assert error.code == "E0429"
    assert "readyctl migrate of" in error.cause


def test_a_rival_that_waits_does_not_hinder_an_index(target: Target) -> None:
    """CREATE INDEX CONCURRENTLY waits for every transaction; one that waits for us is none."""
    target.write(
        a1_a="create table t (x int); select pg_advisory_lock(7);",
        a2_b="create index concurrently t_x on t (x);",
    )
    with psycopg.connect(target.dsn, autocommit=True) as gate:
        gate.execute("select pg_advisory_lock(7)")
        with ThreadPoolExecutor(2) as pool:
            first = pool.submit(target.apply, limits=Limits(lock_ms=60_000))
            assert target.seen.waiting.wait(20)
            second = pool.submit(target.apply, wait=60)
            threading.Event().wait(0.1)
            gate.execute("select pg_advisory_unlock(7)")
            assert sorted([first.result(30), second.result(30)]) == [0, 2]


def test_another_tools_ledger_is_recognised(target: Target) -> None:
    """Nothing is applied a second time: what it has is to be taken over."""
    target.run(
        "create table schema_migrations (version text); insert into schema_migrations values ('1')"
    )
    target.write(a1_a="create table t ();")
    error = target.refused()
    assert (error.code, error.where) == ("E0427", "public.schema_migrations")
    assert "--from-ledger" in error.hint


def test_a_server_that_takes_no_changes_is_refused(target: Target) -> None:
    """Before anything is locked or made."""
    target.write(a1_a="select 1;")
    ((name,),) = target.rows("select current_database()")
    target.run(f'alter database "{name}" set default_transaction_read_only = on')
    assert target.refused().code == "E0430"


def test_a_pooler_is_refused(target: Target) -> None:
    """A lock taken through it would belong to whoever comes next; nothing is made or applied."""
    target.write(a1_a="create table t ();")
    direct = target.dsn
    with Pooler(direct) as pooler:
        target.dsn = pooler.dsn
        assert target.rows("select 1") == [(1,)]
        error = target.refused()
    target.dsn = direct
    assert (error.code, "RDS Proxy" in error.hint) == ("E0430", True)
    assert not target.exists("t")


def test_what_a_rival_made_wrong_is_refused(target: Target) -> None:
    """Between plan and apply somebody applied another text, or what comes later."""
    target.write(a1_a="create table t ();", a2_b="create table u ();")
    seen = target.plan()
    target.write(a1_a="create table t (x int);")
    target.apply()
    target.write(a1_a="create table t ();")
    with pytest.raises(MigrateError) as caught:
        planner.refuse(planner.only(target.plan(), seen), allow_late=False)
    assert caught.value.code == "E0425"


def test_a_file_before_one_that_is_gone_is_late(target: Target) -> None:
    """The ledger knows what was applied last, whatever the folder has."""
    target.write(a1_a="select 1;", a3_c="select 3;")
    target.apply()
    (target.folder / "3_c.sql").unlink()
    target.write(a2_b="select 2;")
    assert target.states() == {"1": "applied", "2": "late", "3": "missing"}


def test_a_leading_zero_makes_no_other_version(target: Target) -> None:
    """A file that was renamed so is not applied again."""
    target.write(a1_a="create table t ();")
    target.apply()
    (target.folder / "1_a.sql").rename(target.folder / "001_a.sql")
    assert target.states() == {"001": "applied"}
