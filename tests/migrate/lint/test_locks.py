"""The locks that statements really take, read on a scratch database."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from readyctl.clients.database import DatabaseSession
from readyctl.errors import MigrateError
from readyctl.local.state import LocalState
from readyctl.migrate.locks import taken
from readyctl.report.locks import render_locks
from readyctl.workflows.lintlocks import locks
from tests import databases
from tests.migrate.lint.folders import migration

pytestmark = pytest.mark.environment

BEFORE = "create table t (id int primary key, a text); create table p (id int primary key);"


@pytest.fixture
def session(local_empty: LocalState) -> Iterator[DatabaseSession]:
    """A session on an empty database."""
    with databases.database(local_empty) as dsn:
        opened = DatabaseSession(dsn)
        yield opened
        opened.close()


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("create index i on t (a);", [(1, "t", "ShareLock", "writes")]),
        ("alter table t add x int;", [(1, "t", "AccessExclusiveLock", "reads")]),
        (
            "select 1;\nalter table t add foreign key (id) references p;",
            [
                (2, "p", "ShareRowExclusiveLock", "writes"),
                (2, "t", "ShareRowExclusiveLock", "writes"),
            ],
        ),
        ("insert into t values (1, 'x');", []),
        ("create table u (x int); alter table u add y int;", []),
        ("create index concurrently i on t (a);", [(1, "", "", "unknown")]),
    ],
)
def test_the_locks_of_each_statement_are_named(
    session: DatabaseSession, text: str, expected: list[tuple[int, str, str, str]]
) -> None:
    """Line, relation, mode and what waits; nothing that the file itself made."""
    found = taken(session, [migration(BEFORE, "1"), migration(text, "2")], {"2"})
    named = [
        (lock.line, lock.relation, lock.mode, lock.blocks)
        for lock in found
        if lock.relation in ("", "t", "p")
    ]
    assert named == expected


def test_what_a_file_made_is_there_for_the_next(session: DatabaseSession) -> None:
    """Every file is applied, and only what is watched is told."""
    files = [
        migration(BEFORE, "1"),
        migration("drop table p;", "2"),
        migration("drop table t;", "3"),
    ]
    assert {lock.file for lock in taken(session, files, {"3"})} == {"3_a.sql"}


def test_a_statement_that_is_refused_is_named(session: DatabaseSession) -> None:
    """The place is named, and the session can be used again."""
    with pytest.raises(MigrateError) as caught:
        taken(session, [migration("select 1;\nselect * from nowhere;")], {"1"})
    assert (caught.value.code, caught.value.where) == ("E0473", "1_a.sql:2:1")
    assert session.query("select 1") == [(1,)]


def test_locks_are_shown_by_statement(session: DatabaseSession) -> None:
    """What waits is said in words, and what is not known too."""
    text = "create index i on t (a); create index concurrently j on t (id);"
    found = taken(session, [migration(BEFORE, "1"), migration(text, "2")], {"2"})
    shown = render_locks(found, 1)
    assert "Share                 t   blocks writes" in shown
    assert shown.endswith("1 file, 1 lock that keeps reads or writes waiting, 1 not known")


def test_a_folder_is_watched_from_a_version_on(tmp_path: Path) -> None:
    """What is older is applied, and not told."""
    for version, text in (("1", BEFORE), ("2", "drop table p;"), ("3", "create index on t (a);")):
        (tmp_path / f"{version}_a.sql").write_text(text)
    found, files = locks(tmp_path, lambda _: None, since="2")
    assert ({lock.file for lock in found}, files) == ({"3_a.sql"}, 1)
