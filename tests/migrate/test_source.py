"""Folders of migrations, as many tools leave them."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.errors import MigrateError
from readyctl.migrate.parsing import parse, tokens_sha256
from readyctl.migrate.source import Source, read_folder


def folder(root: Path, **files: str | bytes) -> Path:
    """A folder of files; `__` in a name is not special, `sql` is added."""
    for name, text in files.items():
        data = text if isinstance(text, bytes) else text.encode()
        (root / f"{name}.sql").write_bytes(data)
    return root


def versions(source: Source) -> list[str]:
    """The versions in their order."""
    return [migration.version for migration in source.migrations]


def refused(root: Path) -> MigrateError:
    """The error of a folder that cannot be read."""
    with pytest.raises(MigrateError) as caught:
        read_folder(root)
    return caught.value


@pytest.mark.parametrize(
    ("names", "order"),
    [
        (["10_b", "9_a"], ["9", "10"]),
        (
            ["20240102000000_b", "20240101000000_8f3c2d1e-aaaa"],
            ["20240101000000", "20240102000000"],
        ),
        (["V1.10__c", "V1.9__b", "V2__d"], ["1.9", "1.10", "2"]),
        (["0001", "0002-x"], ["0001", "0002"]),
        (["20240101_2fa_table"], ["20240101"]),
    ],
)
def test_versions_order_the_files(tmp_path: Path, names: list[str], order: list[str]) -> None:
    """Numbers count as numbers, whatever follows them."""
    for name in names:
        (tmp_path / f"{name}.sql").write_text("select 1;")
    assert versions(read_folder(tmp_path)) == order


def test_what_is_no_migration_is_said(tmp_path: Path) -> None:
    """A file is passed over with a reason, and never silently."""
    for name in ("1_a", "1_a.down", "U1__undo", "R__view", "seed"):
        (tmp_path / f"{name}.sql").write_text("select 1;")
    (tmp_path / "README.md").write_text("x")
    source = read_folder(tmp_path)
    assert {entry.file for entry in source.passed} == {
        "1_a.down.sql",
        "U1__undo.sql",
        "R__view.sql",
        "seed.sql",
    }
    assert source.migrations[0].down[0].sql == "select 1"


@pytest.mark.parametrize("part", ["", "supabase", "supabase/migrations"])
def test_a_supabase_project_is_found(tmp_path: Path, part: str) -> None:
    """The project, its folder, or the migrations themselves can be named."""
    place = tmp_path / "supabase" / "migrations"
    place.mkdir(parents=True)
    (place / "20240101000000_a.sql").write_text("select 1;")
    assert versions(read_folder(tmp_path / part)) == ["20240101000000"]


@pytest.mark.parametrize("part", ["", "supabase"])
def test_a_seed_beside_the_migrations_is_none_of_them(tmp_path: Path, part: str) -> None:
    """Nearly every Supabase project has a seed.sql where its migrations folder is."""
    place = tmp_path / "supabase" / "migrations"
    place.mkdir(parents=True)
    (place / "20240101000000_a.sql").write_text("select 1;")
    (tmp_path / "supabase" / "seed.sql").write_text("select 2;")
    assert versions(read_folder(tmp_path / part)) == ["20240101000000"]


def test_a_command_of_psql_need_be_no_token(tmp_path: Path) -> None:
    """What a dump writes behind `\\restrict` begins with a digit at times."""
    (migration,) = read_folder(folder(tmp_path, **{"1_a": "\\restrict 7vN1\nselect 1;"})).migrations
    assert migration.statements[0].sql == "select 1"


def test_prisma_has_a_folder_for_each(tmp_path: Path) -> None:
    """The folder's name is the migration's."""
    (tmp_path / "20240101_init").mkdir()
    (tmp_path / "20240101_init" / "migration.sql").write_text("select 1;")
    (migration,) = read_folder(tmp_path).migrations
    assert (migration.version, migration.name, migration.file) == (
        "20240101",
        "init",
        "20240101_init/migration.sql",
    )


def test_dbmate_has_up_and_down(tmp_path: Path) -> None:
    """Both parts are there, and lines are those of the file."""
    text = "-- migrate:up transaction:false\nselect 1;\n\n-- migrate:down\nselect 2;\n"
    (migration,) = read_folder(folder(tmp_path, **{"1_a": text})).migrations
    assert [(found.sql, found.line) for found in migration.statements] == [("select 1", 2)]
    assert [(found.sql, found.line) for found in migration.down] == [("select 2", 5)]
    assert migration.options == (("transaction", "off"),)


def test_headers_are_options(tmp_path: Path) -> None:
    """A comment of ours says what a file needs."""
    text = "-- readyctl: transaction=off lock-timeout=5s\nselect 1;"
    (migration,) = read_folder(folder(tmp_path, **{"1_a": text})).migrations
    assert migration.options == (("transaction", "off"), ("lock-timeout", "5s"))


@pytest.mark.parametrize(
    ("data", "place"),
    [
        (b"select 1;\nselect '\xff';", "1_a.sql:2:9"),
        (b"\xc3", "1_a.sql:1:1"),
        ("select 'ä', '".encode() + b"\xff';", "1_a.sql:1:14"),
        (b"select 1;\0select 2;", "1_a.sql:1:10"),
        (b"\xff\xfes\0e", "1_a.sql:1:5"),
    ],
)
def test_bytes_that_are_no_text_are_named(tmp_path: Path, data: bytes, place: str) -> None:
    """File, line and byte."""
    error = refused(folder(tmp_path, **{"1_a": data}))
    assert (error.code, error.where) == ("E0405", place)


@pytest.mark.parametrize("data", ["select 1;".encode("utf-16"), b"\xef\xbb\xbfselect 1;"])
def test_marks_of_editors_are_left_out(tmp_path: Path, data: bytes) -> None:
    """A byte order mark is no part of the first statement."""
    (migration,) = read_folder(folder(tmp_path, **{"1_a": data})).migrations
    assert migration.statements[0].sql == "select 1"


def test_two_of_one_version_are_refused(tmp_path: Path) -> None:
    """Both files are named; zeros before a number make no other one."""
    error = refused(folder(tmp_path, **{"1_a": "select 1;", "01_b": "select 1;"}))
    assert (error.code, error.where) == ("E0404", "01_b.sql and 1_a.sql")


@pytest.mark.parametrize("name", ["nowhere", "."])
def test_a_folder_without_migrations_is_refused(tmp_path: Path, name: str) -> None:
    """Nothing to apply is an error: it was meant to be something."""
    assert refused(tmp_path / name).code == "E0403"


def test_a_syntax_error_has_a_place() -> None:
    """File, line, column, the server's words and the line, without the values in it."""
    with pytest.raises(MigrateError) as caught:
        parse("select 1;\n\nselect 'ä' frm x y z;", "a.sql")
    assert (caught.value.code, caught.value.where) == ("E0401", "a.sql:3:16")
    assert "select '...' frm x y z" in caught.value.cause


def test_statements_have_places() -> None:
    """Each begins where its first token stands, behind comments, in lines and columns."""
    text = "-- ä\r\n  create table a (x int); /* ; */ select ';'\r\n;"
    found = parse(text, "a.sql")
    assert [(s.kind, s.line, s.column) for s in found] == [
        ("CreateStmt", 2, 3),
        ("SelectStmt", 2, 35),
    ]
    assert [text[s.start : s.start + len(s.sql)] for s in found] == [s.sql for s in found]


def test_bodies_are_not_split() -> None:
    """Dollar quotes, atomic bodies and DO blocks are one statement each."""
    text = (
        "create function f() returns int language plpgsql as $x$ begin; return 1; end $x$;\n"
        "create function g() returns int language sql begin atomic select 1; select 2; end;\n"
        "do $$ begin perform 1; end $$;"
    )
    assert [s.kind for s in parse(text, "a.sql")] == [
        "CreateFunctionStmt",
        "CreateFunctionStmt",
        "DoStmt",
    ]


def test_harmless_commands_of_psql_are_passed_over() -> None:
    """A dump's `\\restrict` does nothing to what follows, and moves no line."""
    text = "\\restrict abc\nselect 1;\n\\unrestrict abc\n\\echo 'it''s'\nselect 2;"
    assert [(s.sql, s.line) for s in parse(text, "a.sql")] == [("select 1", 2), ("select 2", 5)]


@pytest.mark.parametrize(
    "command", ["\\i other.sql", "\\connect db", "\\copy t from 'f'", "\\gexec"]
)
def test_what_only_psql_does_is_refused(command: str) -> None:
    """The line is named."""
    with pytest.raises(MigrateError) as caught:
        parse(f"select 1;\n{command}\n", "a.sql")
    assert (caught.value.code, caught.value.where) == ("E0402", "a.sql:2")


def test_a_backslash_in_a_text_is_no_command() -> None:
    """In strings, bodies and comments a line may begin as it likes."""
    text = "select '\n\\i x\n';\n/*\n\\i x\n*/\ndo $$\n\\i x\n$$ language x;"
    assert len(parse(text, "a.sql")) == 2


_COMMENT = st.sampled_from(["-- x\n", "/* y */", "\n", "  ", "\t"])


@given(st.lists(_COMMENT, min_size=4, max_size=4))
def test_comments_change_no_token(between: list[str]) -> None:
    """The digest of the tokens is that of the statement, however it is laid out."""
    one, two, three, four = between
    assert tokens_sha256(f"{one}select{two} 1{three};{four}") == tokens_sha256("select 1;")


@given(st.lists(st.sampled_from(["select 1", "select ';'", "create table t (x int)"]), max_size=5))
def test_every_statement_is_found(statements: list[str]) -> None:
    """Joined by semicolons, they come apart as they were."""
    assert [found.sql for found in parse(";\n".join(statements), "a.sql")] == statements


def test_what_follows_an_umlaut_counts() -> None:
    """A token at the end changes the digest, however many bytes the ones before it have."""
    one, other = (tokens_sha256(f"select 'äöüäöüäöü', {number}") for number in (1, 2))
    assert one != other


@given(st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0'\\")))
def test_no_text_before_it_hides_a_change(before: str) -> None:
    """Letters of several bytes do not move what is compared."""
    one, other = (tokens_sha256(f"select '{before}', {number}") for number in (1, 2))
    assert one != other


@given(
    st.lists(
        st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0'\\"), max_size=8),
        min_size=1,
        max_size=5,
    )
)
def test_statements_are_where_they_say(words: list[str]) -> None:
    """The text at a statement's place is the statement, whatever letters stand before it."""
    text = "\n".join(f"-- ä\n select '{word}';" for word in words)
    found = parse(text, "1_a.sql")
    assert [text[s.start : s.start + len(s.sql)] for s in found] == [s.sql for s in found]
    assert [s.sql for s in found] == [f"select '{word}'" for word in words]
