"""Squawk: asked once about what is executed, and said where it could not be."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.clients import squawk
from readyctl.clients.squawk import SquawkFailed, run
from readyctl.migrate.lint.linting import lint, squawk_failed
from readyctl.migrate.lint.registry import chosen
from readyctl.migrate.lint.squawking import executed
from readyctl.migrate.lint.squawkrules import LEFT_OUT, USED
from tests.migrate.lint.folders import linted, migration

SQUAWK = chosen(["squawk"], [])


@pytest.fixture
def fake(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which squawk is looked for first."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    monkeypatch.setenv("PATH", str(tmp_path))
    return tmp_path


def program(folder: Path, text: str) -> None:
    """Write a squawk of our own."""
    path = folder / "squawk"
    path.write_text(f"#!/bin/sh\n{text}\n")
    path.chmod(0o755)


@pytest.mark.parametrize(
    ("text", "rule", "line", "column"),
    [
        ("select 'é😀'; alter table t rename to u;", "squawk/renaming-table", 1, 28),
        ("select 1;\r\n\r\ncreate table t (at timestamp);", "squawk/prefer-timestamp-tz", 3, 20),
        ("alter table t add x int not null;", "squawk/adding-required-field", 1, 15),
        ("create table t (c char(3));", "squawk/ban-char-field", 1, 19),
        ("truncate t cascade;", "squawk/ban-truncate-cascade", 1, 12),
    ],
)
def test_places_count_characters(text: str, rule: str, line: int, column: int) -> None:
    """Squawk counts lines from 0 and columns in bytes; readyctl does not."""
    report = linted(text, rules=SQUAWK)
    assert [(f.rule, f.line, f.column) for f in report.flaws] == [(rule, line, column)]


def test_its_own_comments_count() -> None:
    """Who ignores a rule for squawk does not have to say it again."""
    text = "-- squawk-ignore renaming-table\nalter table t rename to u;"
    assert linted(text, rules=SQUAWK).flaws == ()


def test_a_flaw_of_squawk_is_allowed_like_others() -> None:
    """By the name that it has here."""
    text = "-- readyctl: allow=squawk/renaming-table nobody uses it\nalter table t rename to u;"
    report = linted(text, rules=SQUAWK)
    assert (report.flaws, len(report.allowed)) == ((), 1)


def test_commands_of_psql_are_not_shown_to_it() -> None:
    """It would take them for broken SQL."""
    report = linted("create table t (x int);\n\\echo hello\nselect 1;", rules=SQUAWK)
    assert report.undecided == ()


def test_what_squawk_does_not_read_is_not_decided(fake: Path) -> None:
    """PostgreSQL's grammar knows it; squawk's does not, and the file is named once."""
    one = '{"file":"0.sql","line":1,"column":0,"message":"m","rule_name":"syntax-error"}'
    program(fake, f"echo '[{one},{one}]'")
    report = linted("select 1;\nselect 2;", rules=SQUAWK)
    assert [(entry.what, entry.place) for entry in report.undecided] == [
        ("squawk's rules", "1_a.sql:2")
    ]


def test_every_rule_of_squawk_is_decided_on() -> None:
    """None is both used and left out, and none of those that it reports by itself is unknown."""
    assert not USED & set(LEFT_OUT)
    assert len(USED | set(LEFT_OUT)) > 70


def test_an_absent_squawk_is_said(fake: Path) -> None:
    """None of its rules was looked at, and that is no pass."""
    report = linted("alter table t rename to u;", rules=SQUAWK)
    missing = squawk_failed(report)
    assert missing
    assert missing.why == "squawk is not installed: none of its rules was looked at"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("echo oops; exit 101", "squawk ended with 101 and no answer"),
        ("exit 0", "squawk ended with 0 and no answer"),
        ('echo \'[{"file": "x.sql"}]\'', "squawk ended with 0 and no answer"),
        (
            'echo \'[{"file":"9.sql","line":0,"column":0,"message":"m","rule_name":"r"}]\'',
            "it names a file that it was not given",
        ),
    ],
)
def test_a_squawk_that_fails_is_said(fake: Path, text: str, reason: str) -> None:
    """Whatever it answers instead of an answer, nothing passes."""
    program(fake, text)
    with pytest.raises(SquawkFailed, match=reason):
        run(["select 1;"])


def test_a_squawk_that_hangs_is_ended(fake: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """It is given a time, and no more."""
    monkeypatch.setattr(squawk, "_TIMEOUT_SECONDS", 0.2)
    program(fake, "exec /bin/sleep 30")
    with pytest.raises(SquawkFailed, match="did not end"):
        run(["select 1;"])


def test_a_new_rule_of_squawk_is_not_decided(fake: Path) -> None:
    """A version that knows more than readyctl does is not overheard."""
    found = '[{"file":"0.sql","line":0,"column":0,"message":"m","rule_name":"ban-everything"}]'
    program(fake, f"echo '{found}'")
    report = lint([migration("select 1;")], SQUAWK)
    assert [entry.what for entry in report.undecided] == ["squawk/ban-everything"]


def test_it_is_not_asked_where_none_of_its_rules_is_meant(fake: Path) -> None:
    """An absent squawk is no matter then."""
    assert linted("select 1;", rules={"truncate"}).undecided == ()


_GAPS = st.sampled_from(
    [";", " ;\n", "\n-- a ; b\n;", "; -- squawk-ignore-file ban-char-field\n", ";/* x */"]
)
_STATEMENTS = st.sampled_from(["select 1", "select ';', 'ä'", "create table t (x int)"])


@given(st.lists(st.tuples(_STATEMENTS, _GAPS), min_size=1, max_size=5))
def test_what_is_executed_keeps_its_place(parts: list[tuple[str, str]]) -> None:
    """Every statement is where it was, and the lines are as many."""
    found = migration("-- head ;\n" + "".join(f"{sql}{gap}" for sql, gap in parts))
    text = executed(found)
    assert len(text) == len(found.text)
    assert all(text[s.start : s.start + len(s.sql)] == s.sql for s in found.statements)
    again = migration(text)
    assert [s.sql for s in again.statements] == [s.sql for s in found.statements]
