"""`readyctl migrate verify` as people and scripts use it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from readyctl.__main__ import main
from readyctl.local.state import LocalState
from tests import databases

pytestmark = pytest.mark.environment

_SCHEMA = """
create table notes (id integer primary key, body text);
create view bodies as select body from notes;
"""


@pytest.fixture
def two(
    local_empty: LocalState, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> Iterator[psycopg.Connection]:
    """Two databases of one schema, EXPECTED and LIVE; a connection to the live one."""
    monkeypatch.chdir(tmp_path)
    with databases.database(local_empty) as one, databases.database(local_empty) as other:
        for dsn in (one, other):
            with psycopg.connect(dsn, autocommit=True) as connection:
                connection.execute(_SCHEMA.encode())
        monkeypatch.setenv("EXPECTED", one)
        monkeypatch.setenv("LIVE", other)
        with psycopg.connect(other, autocommit=True) as connection:
            yield connection


def _run(*arguments: str) -> int:
    sides = ("--expected", "env:EXPECTED", "--live", "env:LIVE")
    return main(["migrate", "verify", *sides, *arguments])


def test_the_same_schema_is_a_yes(
    two: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two databases that are the same exit with 0 and say how much was compared."""
    assert _run() == 0
    assert "0 differences in " in capsys.readouterr().out


def test_a_difference_is_a_no_and_names_everything(
    two: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """Object, kind, expected, live and the SQL that repairs it are shown in 80 columns."""
    two.execute("alter view bodies set (security_invoker = true)")
    assert _run() == 1
    out = capsys.readouterr().out
    for part in ("view (1)", "public.bodies", "security_invoker", "reset (security_invoker)"):
        assert part in out
    assert max(map(len, out.splitlines())) <= 80


def test_programs_get_every_part_of_a_difference(
    two: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """JSON has kind, object, attribute, expected, live and repair of each."""
    two.execute("alter table notes alter column body set not null")
    assert _run("--output", "json") == 1
    (found,) = json.loads(capsys.readouterr().out)["data"]["differences"]
    assert found == {
        "kind": "column",
        "object": "public.notes.body",
        "attribute": "not_null",
        "expected": None,
        "live": True,
        "repair": "alter table public.notes alter column body drop not null;",
        "destroys_data": False,
    }


def test_the_repair_that_is_written_repairs(two: psycopg.Connection, tmp_path: Path) -> None:
    """After the script of --repair was run, nothing differs."""
    two.execute("drop view bodies; alter table notes enable row level security")
    assert _run("--repair", "repair.sql") == 1
    two.execute((tmp_path / "repair.sql").read_bytes())
    assert _run() == 0


def test_a_repair_that_destroys_rows_is_a_comment(
    two: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """A table that is not expected is not dropped by a script that nobody read."""
    two.execute("create table fresh (id integer)")
    assert _run("--repair", "-") == 1
    assert "-- destroys data: drop table public.fresh;" in capsys.readouterr().out


def test_nothing_of_a_connection_string_is_shown(
    two: psycopg.Connection, capsys: pytest.CaptureFixture[str], local_empty: LocalState
) -> None:
    """Neither a result nor an error holds a password."""
    dsn = local_empty.dsn(local_empty.superuser)
    broken = dsn.replace(str(local_empty.postgres_port), "1")
    assert main(["migrate", "verify", "--expected", dsn, "--live", broken]) != 0
    captured = capsys.readouterr()
    assert local_empty.superuser.password not in captured.out + captured.err


def test_a_recorded_cluster_shows_a_change_of_a_role(
    two: psycopg.Connection, capsys: pytest.CaptureFixture[str]
) -> None:
    """What two databases of one cluster share is seen against a record of it."""
    two.execute("create role rv_recorded")
    try:
        assert main(["migrate", "verify", "--expected", "env:LIVE", "--write-snapshot", "s"]) == 0
        two.execute("alter role rv_recorded bypassrls")
        capsys.readouterr()
        assert main(["migrate", "verify", "--snapshot", "s", "--live", "env:LIVE"]) == 1
        assert "bypass rls" in capsys.readouterr().out
    finally:
        two.execute("drop role rv_recorded")
