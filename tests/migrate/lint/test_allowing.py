"""Comments that allow a flaw, and what is wrong with them."""

from __future__ import annotations

import pytest

from tests.migrate.lint.folders import linted, places

TABLE = "create table t (id int primary key); alter table t enable row level security;"
DROP = frozenset({"drop-table", "allow-unused", "allow-unknown-rule", "allow-without-reason"})


@pytest.mark.parametrize(
    "text",
    [
        "-- readyctl: allow=drop-table moved to u in 3\ndrop table t;",
        "select 1;\n\n-- readyctl: allow=drop-table moved to u in 3\n-- and more\ndrop table t;",
        "-- readyctl: allow=drop-table moved to u in 3\n\nselect 1;\ndrop table t;",
        "drop table -- readyctl: allow=drop-table moved to u in 3\n  t;",
        "-- ä\n-- readyctl: allow=truncate,drop-table moved to u in 3\ntruncate t;drop table t;",
        "\\restrict 7vN1\n-- readyctl: allow=drop-table moved to u in 3\ndrop table t;",
    ],
)
def test_an_allowed_flaw_is_no_flaw(text: str) -> None:
    """The line before, the statement itself, or the head of the file; the reason is kept."""
    report = linted(TABLE, text, rules={"drop-table"})
    assert [(e.flaw.rule, e.reason) for e in report.allowed] == [("drop-table", "moved to u in 3")]
    assert report.flaws == ()


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("-- readyctl: allow=drop-table\ndrop table t;", ["allow-without-reason", "drop-table"]),
        ("-- readyctl: allow=drop-tabel x\ndrop table t;", ["allow-unknown-rule", "drop-table"]),
        ("-- readyctl: allow=drop-table x\nselect 1;", ["allow-unused"]),
        ("select '\n-- readyctl: allow=drop-table x\n';drop table t;", ["drop-table"]),
        (
            "select 1;\n-- readyctl: allow=drop-table x\n\ndrop table t;",
            ["allow-unused", "drop-table"],
        ),
        (
            "-- readyctl: allow=drop-table x\nselect 1;\ndrop table t;",
            ["allow-unused", "drop-table"],
        ),
    ],
)
def test_a_comment_allows_no_more_than_it_says(text: str, found: list[str]) -> None:
    """Without a reason, elsewhere, with another name or in a string it allows nothing."""
    report = linted(TABLE, text, rules=DROP)
    assert [flaw.rule for flaw in report.flaws] == found


def test_a_rule_that_did_not_run_is_not_unused() -> None:
    """Whether its flaw is there was not looked at."""
    text = "-- readyctl: allow=drop-table x\nselect 1;"
    assert linted(TABLE, text, rules={"allow-unused", "truncate"}).flaws == ()


def test_a_flaw_of_the_whole_folder_is_allowed_where_it_is() -> None:
    """A table is allowed to be without policies where it is made."""
    text = "-- readyctl: allow=table-without-rls public lists\ncreate table t (x int);"
    assert places(linted(text, "select 1;", rules={"table-without-rls"})) == []
