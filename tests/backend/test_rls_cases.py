"""The cases of the bundled backend: they hold, cover every table, and see what is changed."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import psycopg
import pytest

from readyctl.clients.database import DatabaseSession
from readyctl.local.state import LocalState
from readyctl.migrate.parsing import parse
from readyctl.migrate.rls import trial
from readyctl.migrate.rls.cases import read_cases
from readyctl.migrate.rls.probe import Limits
from readyctl.migrate.rls.trial import Wanted
from readyctl.model.rls import RlsResult
from readyctl.resources import bundled
from tests import databases
from tests.backend.conftest import migrate
from tests.backend.people import PEOPLE

pytestmark = pytest.mark.environment

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def empty(local_empty: LocalState, template: str) -> Iterator[str]:
    """A database with every migration and nobody in it."""
    with databases.database(local_empty) as dsn:
        migrate(local_empty, dsn)
        yield dsn


def outcome(state: LocalState, dsn: str, *, matrix: bool = False) -> RlsResult:
    """Test as the owner, who is bound by policies as everybody is."""
    session = DatabaseSession(databases.as_login(dsn, state.owner.user, state.owner.password))
    try:
        cases = read_cases(bundled("backend", "rls"), ROOT)
        return trial.run(session, cases, "readyctl", Wanted(matrix=matrix), limits=Limits())
    finally:
        session.close()


def test_every_case_holds_and_every_table_has_one(local_empty: LocalState, empty: str) -> None:
    """And the matrix has no flaw: nobody sees another practice."""
    found = outcome(local_empty, empty, matrix=True)
    assert [(judged.case.table, judged.found) for judged in found.failed] == []
    assert (found.uncovered, found.flaws) == ((), ())
    assert len(found.covered) > 60


def test_nothing_is_left_behind(local_empty: LocalState, empty: str) -> None:
    """No practice, no user, and policies are forced as before."""
    outcome(local_empty, empty)
    with psycopg.connect(empty) as connection:
        rows = connection.execute(
            "select (select count(*) from practices), (select count(*) from users),"
            " (select count(*) from pg_class where relnamespace = 'public'::regnamespace"
            "  and relkind = 'r' and not relforcerowsecurity)"
        ).fetchone()
    assert rows == (0, 0, 0)


@pytest.mark.parametrize(
    ("change", "table"),
    [
        ("drop policy clients_read on clients", "clients"),
        ("alter policy clients_read on clients using (true)", "clients"),
        ("alter policy notes_write on notes with check (true)", "notes"),
        ("alter table session_messages disable row level security", "session_messages"),
        ("grant delete on audit_log to readyctl_app", "audit_log"),
    ],
)
def test_one_change_turns_a_case_red(
    local_empty: LocalState, empty: str, change: str, table: str
) -> None:
    """A policy that is removed or opened, and a grant that is added, are seen in their table."""
    with psycopg.connect(empty) as connection:
        connection.execute(change.encode())
    assert table in {judged.case.table for judged in outcome(local_empty, empty).failed}


def test_the_cases_know_the_people_of_the_tests() -> None:
    """The setup is the one that the other tests of the backend have."""
    cases = read_cases(bundled("backend", "rls"), ROOT)
    assert [step.sql for step in cases.setup] == [step.sql for step in parse(PEOPLE, "people")]
