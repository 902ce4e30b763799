"""Linting a folder as a whole: which files, which rules, and what is not decided."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readyctl.errors import MigrateError, UsageError
from readyctl.migrate.lint.linting import lint
from readyctl.migrate.lint.registry import OWN, TEXTS, chosen
from readyctl.migrate.source import read_folder
from readyctl.resources import bundled
from tests.migrate.lint.folders import linted, migration, places
from tests.migrate.lint.test_rules import BROKEN, SOUND

TABLE = "create table t (id int primary key);"


def test_the_bundled_migrations_are_sound() -> None:
    """No rule finds anything, and everything was looked at."""
    report = lint(read_folder(bundled("backend", "migrations")).migrations)
    assert (places(report), report.undecided, report.files) == ([], (), 14)


def test_every_rule_has_an_example_that_breaks_it() -> None:
    """A rule that nothing breaks finds nothing."""
    assert {rule for rule, _, _ in BROKEN} == {rule.text.id for rule in OWN}


def test_every_rule_has_an_example_that_is_sound() -> None:
    """A rule that everything breaks says nothing; `drop` rules of one name are such."""
    always = {"drop-schema", "drop-extension"}
    assert {rule for rule, _ in SOUND} == {rule.text.id for rule in OWN} - always


def test_since_leaves_older_files_out() -> None:
    """What an older file breaks is not named, and what it made is known all the same."""
    report = linted(TABLE, "drop table t;", since="1")
    assert (places(report), report.files) == (["drop-table 2:1"], 1)


def test_since_is_a_version_of_the_folder() -> None:
    """A version that no file has would leave everything out, silently."""
    with pytest.raises(MigrateError) as caught:
        linted(TABLE, since="7")
    assert caught.value.code == "E0424"


@pytest.mark.parametrize(
    ("only", "skipped", "there", "missing"),
    [
        (["truncate"], [], "truncate", "drop-table"),
        ([], ["truncate"], "drop-table", "truncate"),
        (["squawk"], ["squawk/ban-char-field"], "squawk/renaming-table", "squawk/ban-char-field"),
        ([], ["squawk"], "truncate", "squawk/renaming-table"),
    ],
)
def test_rules_are_chosen(only: list[str], skipped: list[str], there: str, missing: str) -> None:
    """By name, or all of squawk's."""
    rules = chosen(only, skipped)
    assert there in rules
    assert missing not in rules


def test_an_unknown_rule_is_refused() -> None:
    """With the one that was likely meant."""
    with pytest.raises(UsageError) as caught:
        chosen(["drop-tabel"], [])
    assert (caught.value.code, caught.value.hint) == ("E0470", "did you mean drop-table?")


@pytest.mark.parametrize(
    ("block", "rule"),
    [
        (
            "do $$ declare r text; begin foreach r in array array['t'] loop"
            " execute format('alter table %I enable row level security', r); end loop; end $$;",
            "table-without-rls",
        ),
        (
            "do $$ declare r record; begin for r in select * from pg_tables loop"
            " execute 'alter table ' || r.tablename || ' enable row level security';"
            " end loop; end $$;",
            "table-without-rls",
        ),
    ],
)
def test_what_a_block_makes_up_is_not_decided(block: str, rule: str) -> None:
    """Whether the block does it is known when it runs: no flaw, and no pass."""
    report = linted(TABLE, block, rules={rule})
    assert [(entry.what, entry.place) for entry in report.undecided] == [(rule, "1_a.sql:1")]
    assert report.flaws == ()


def test_a_type_that_no_file_says_is_not_decided() -> None:
    """A table that no file makes may lose values, or not."""
    report = linted("alter table elsewhere alter a type date;", rules={"narrowing-type"})
    assert [entry.what for entry in report.undecided] == ["narrowing-type"]


def test_parts_that_undo_are_not_linted(tmp_path: Path) -> None:
    """dbmate's down drops what up makes; that is what it is for."""
    text = (
        "-- migrate:up\ncreate table t (at timestamp);\n"
        "alter table t enable row level security;\n\n"
        "-- migrate:down\ndrop table t; alter table x rename to y;\n"
    )
    (tmp_path / "1_a.sql").write_text(text)
    report = lint(read_folder(tmp_path).migrations)
    assert places(report) == ["table-without-policy 1:2", "squawk/prefer-timestamp-tz 1:2"]


def test_a_password_is_not_repeated() -> None:
    """What was written down is not written down again."""
    report = linted("create role r login password 'hunter2';")
    assert places(report) == ["password-in-file 1:1"]
    assert "hunter2" not in repr(report)


def test_seed_data_of_megabytes_is_read() -> None:
    """Values that call nothing are not looked through."""
    rows = ",\n".join(f"({number}, '{'x' * 60}')" for number in range(20_000))
    report = linted(TABLE, f"insert into t (id, a) values {rows};", rules={"seed-repeats"})
    assert places(report) == ["seed-repeats 2:1"]


_WORDS = st.sampled_from([files for _, files, _ in BROKEN] + [files for _, files in SOUND])


@settings(deadline=None, max_examples=50)
@given(st.lists(_WORDS, min_size=1, max_size=4))
def test_no_order_of_statements_is_a_defect(folders: list[tuple[str, ...]]) -> None:
    """Whatever is there twice, or not yet, is linted all the same."""
    texts = [text for files in folders for text in files]
    files = [migration(text, str(number)) for number, text in enumerate(texts)]
    report = lint(files, {rule.text.id for rule in OWN})
    assert all(flaw.rule in TEXTS and flaw.line for flaw in report.flaws)
