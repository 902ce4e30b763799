"""A trial on a scratch database: it goes on after failures, and says what is behind each."""

from __future__ import annotations

from pathlib import Path

import pytest

from readyctl.clients.database import DatabaseSession
from readyctl.migrate.source import read_folder
from readyctl.migrate.trial import trial
from readyctl.model.cause import Cause, Place, Reason, Trial
from readyctl.report.trial import render_trial, trial_data
from tests.migrate.conftest import Target

pytestmark = pytest.mark.environment

INCOMPLETE = Path(__file__).resolve().parent.parent / "fixtures" / "incomplete"


def tried(target: Target, folder: Path | None = None) -> Trial:
    """What becomes of a folder."""
    session = DatabaseSession(target.dsn)
    try:
        return trial(session, read_folder(folder or target.folder).migrations)
    finally:
        session.close()


def test_it_goes_on_after_a_failure(target: Target) -> None:
    """Of a file that fails nothing is left, and the next one is applied."""
    target.write(
        a1_a="create table a (x int); table gone;",
        a2_b="create table b (x int);",
    )
    found = tried(target)
    assert (found.applied, found.failed) == (("2_b.sql",), ("1_a.sql",))
    assert (target.exists("a"), target.exists("b")) == (False, True)


def test_every_failure_has_its_root_cause(target: Target) -> None:
    """The incomplete folder lacks a table, a function, and a type in time."""
    found = tried(target, INCOMPLETE)
    assert [(cause.what, cause.reason, cause.held) for cause in found.causes] == [
        ("table orders", Reason.NOBODY, 6),
        ("function touch_updated_at", Reason.NOBODY, 1),
        ("type invoice_state", Reason.LATER, 1),
    ]
    assert len(found.applied) == 4


def test_what_follows_by_a_column_is_attributed(target: Target) -> None:
    """A column that a failed file would add is no root cause of its own."""
    target.write(
        a1_a="create table a (x int);",
        a2_b="alter table a add column colour text; table gone;",
        a3_c="update a set colour = 'red';",
    )
    (cause,) = tried(target).causes
    assert (cause.what, cause.follows) == ("table gone", ("3_c.sql",))


def test_what_a_body_needs_when_it_runs_is_found(target: Target) -> None:
    """The server's words name a table that stands in a body alone."""
    target.write(
        a1_a="create function f() returns void language plpgsql as"
        " $$ begin delete from hidden; end $$;",
        a2_b="select f();",
    )
    (cause,) = tried(target).causes
    assert (cause.what, [str(place) for place in cause.needs]) == (
        "table hidden",
        ["2_b.sql:1"],
    )


def test_other_refusals_stand_for_themselves(target: Target) -> None:
    """The server's words and the line; no value of a row."""
    target.write(
        a1_a="create table a (x int primary key);",
        a2_b="\ninsert into a values (1), (1);",
        a3_c="select 'secret'::int;",
    )
    found = tried(target)
    assert [cause.reason for cause in found.causes] == [Reason.REFUSED, Reason.REFUSED]
    places = {str(place) for cause in found.causes for place in cause.needs}
    assert places == {"2_b.sql:2", "3_c.sql:1"}
    assert "secret" not in render_trial(found)


def test_what_supabase_provides_is_said(target: Target) -> None:
    """The way out is to convert."""
    target.write(a1_a="create table p (id uuid references auth.users);")
    found = tried(target)
    assert found.causes[0].reason is Reason.SUPABASE
    assert "readyctl migrate convert" in render_trial(found)


def test_a_file_that_sets_something_leaves_it_to_itself(target: Target) -> None:
    """The next file begins as if it were alone."""
    target.write(a1_a="set search_path = ''; create table public.a (x int);", a2_b="table a;")
    assert tried(target).failed == ()


def test_statements_that_need_no_transaction_are_run(target: Target) -> None:
    """As an apply would run them."""
    target.write(
        a1_a="create table a (x int);",
        a2_b="create index concurrently i on a (x); vacuum a;",
    )
    assert tried(target).failed == ()


def test_it_is_shown() -> None:
    """Root causes with their counts and places, and what to do."""
    places = (Place("1.sql", 2),)
    found = Trial(
        ("0.sql",), ("1.sql", "2.sql"), (Cause("table a", Reason.NOBODY, places, ("2.sql",)),)
    )
    text = render_trial(found)
    assert "table a is made by no file: 1 file needs it, 1 more follows\n  1.sql:2\n" in text
    assert "readyctl migrate baseline" in text
    assert text.endswith("1 of 3 migrations apply")
    assert "baseline" in str(trial_data(found))
