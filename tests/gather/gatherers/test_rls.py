"""Tests of the facts about the tests of row-level security."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import psycopg
import pytest

from readyctl.clients.database import DatabaseSession
from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers.rls import policies, rls_tests
from readyctl.local.state import LocalState
from readyctl.migrate.rls import trial
from readyctl.migrate.rls.cases import Cases
from readyctl.migrate.rls.policies import DIGEST_LINES, digest
from readyctl.migrate.rls.probe import Limits
from readyctl.migrate.rls.trial import Wanted
from readyctl.workflows.rls import record
from tests.databases import database

Observed = Callable[[FactSpec], Any]

_SCHEMA = (
    "create schema x; create function x.f() returns bool language sql as 'select true';"
    "create table t (id int); alter table t enable row level security;"
    "create policy p on t using (x.f()); grant select on t to pg_monitor"
)


@pytest.fixture
def dsn(local_empty: LocalState) -> Iterator[str]:
    """A superuser's connection string to a database with one policy."""
    with database(local_empty) as dsn:
        with psycopg.connect(dsn) as connection:
            connection.execute(_SCHEMA.encode())
        yield dsn


def current(dsn: str, **options: str) -> str:
    """The digest as an audit sees it."""
    reader = PostgresReader(psycopg.conninfo.make_conninfo(dsn, **options))
    try:
        return digest(row["line"] for row in reader.query(DIGEST_LINES, ["readyctl"]))
    finally:
        reader.close()


def test_runs_of_other_kinds_are_none(observed: Observed, settings: Settings) -> None:
    """A smoke test is no test of row-level security."""
    settings.test_runs.mkdir()
    (settings.test_runs / "smoke.json").write_text('{"kind": "smoke"}')
    assert observed(rls_tests) == []


def test_a_malformed_record_is_unavailable(observed: Observed, settings: Settings) -> None:
    """It is not passed over: nobody would know that a test is missing."""
    settings.test_runs.mkdir()
    (settings.test_runs / "rls.json").write_text('{"kind": "rls"}')
    with pytest.raises(SourceFailure):
        observed(rls_tests)


@pytest.mark.environment
def test_what_the_command_records_is_read(observed: Observed, settings: Settings, dsn: str) -> None:
    """The record has the digest that an audit finds in the same database, and no row."""
    session = DatabaseSession(dsn)
    try:
        with psycopg.connect(dsn) as connection:
            user = connection.info.user
        wanted = Wanted(roles=(user,))
        result = trial.run(session, Cases(Path()), "readyctl", wanted, limits=Limits())
    finally:
        session.close()
    path = record(settings, result, datetime(2026, 11, 22, tzinfo=UTC))
    (found,) = observed(rls_tests)
    assert found["policy_digest"] == current(dsn)
    assert (found["passed"], found["uncovered"]) == (False, ["t"])
    assert json.loads(path.read_text())["finished_at"] == "2026-11-22T00:00:00Z"


@pytest.mark.environment
@pytest.mark.parametrize(
    "change",
    [
        "alter policy p on t using (true)",
        "alter policy p on t to pg_monitor",
        "drop policy p on t",
        "create policy q on t for select using (false)",
        "alter table t disable row level security",
        "alter table t force row level security",
        "grant delete on t to pg_monitor",
        "grant update (id) on t to pg_monitor",
        "create or replace function x.f() returns bool language sql as 'select false'",
        "create table u ()",
    ],
)
def test_a_change_makes_another_digest(dsn: str, change: str) -> None:
    """Evidence from before it is stale."""
    before = current(dsn)
    with psycopg.connect(dsn) as connection:
        connection.execute(change.encode())
    assert current(dsn) != before


@pytest.mark.environment
def test_the_reader_makes_no_difference(dsn: str) -> None:
    """Nor do rows, comments, or the same policy made again."""
    before = current(dsn)
    with psycopg.connect(dsn) as connection:
        connection.execute(
            b"insert into t values (1); comment on table t is 'x'; drop policy p on t;"
            b" create policy p on t using (x.f())"
        )
    assert current(dsn, options="-c search_path=x") == before


def test_the_policies_are_a_fact() -> None:
    """It is one that needs the database and no call of AWS."""
    assert (policies.name, policies.origin, policies.calls) == ("database_policies", "postgres", ())
