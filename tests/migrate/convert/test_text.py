"""What a conversion does to a text: nothing but its edits, and the same when it is done again."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pglast import parser

from readyctl.migrate.convert.engine import convert
from readyctl.migrate.convert.prelude import pieces, written
from readyctl.model.conversion import Treatment
from readyctl.report.conversion import conversion_data, conversion_markdown, render_conversion
from tests.migrate.convert.conftest import Project, noted
from tests.migrate.convert.constructs import CONSTRUCTS

COMMENTS = ["", "-- ä first\n", "/* one /* in */ two */ ", "  -- x; y 'z\n\n"]
STATEMENTS = [text for name, text in CONSTRUCTS.items() if name != "a dump"]


def comments(text: str) -> list[str]:
    """The comments of a text, but for those that a conversion adds."""
    return [
        text[token.start : token.end + 1]
        for token in parser.scan(text)
        if token.name in ("SQL_COMMENT", "C_COMMENT")
    ]


def once(folder: Path, out: Path) -> dict[str, bytes]:
    """Convert a folder, write it, and return its files."""
    out.mkdir(exist_ok=True)
    found = convert(folder)
    for file in found.files:
        (out / file.target).write_bytes(file.content)
    return {file.target: file.content for file in found.files}


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.tuples(st.sampled_from(COMMENTS), st.sampled_from(STATEMENTS)), max_size=4),
    st.sampled_from(["\n", "\r\n", " "]),
)
def test_a_second_conversion_changes_nothing(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str]], between: str
) -> None:
    """A converted folder converts to itself, byte for byte, with its prelude."""
    root = tmp_path_factory.mktemp("twice")
    (root / "a").mkdir()
    text = between.join(comment + statement for comment, statement in parts)
    (root / "a" / "20240101_a.sql").write_bytes(text.encode())
    first = once(root / "a", root / "b")
    assert once(root / "b", root / "c") == first


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(COMMENTS), st.sampled_from(STATEMENTS)), max_size=4))
def test_every_comment_stays(
    tmp_path_factory: pytest.TempPathFactory, parts: list[tuple[str, str]]
) -> None:
    """A conversion adds comments, and neither changes nor takes away any."""
    root = tmp_path_factory.mktemp("comments")
    text = " ".join(comment + statement for comment, statement in parts)
    (root / "1_a.sql").write_bytes(text.encode())
    converted = once(root, root / "out")["1_a.sql"].decode()
    left = comments(converted)
    for comment in comments(text):
        assert comment in left
        left.remove(comment)


def test_comments_inside_of_a_statement_that_is_taken_out_stay(project: Project) -> None:
    """They stand where they stood, and say the same."""
    project.write("alter system -- why\n  set /* what */ work_mem = '1MB'; select 1;\n")
    project.convert()
    assert comments(project.text())[-4:] == [
        "-- why",
        "/* set */",
        "/* what */",
        "-- work_mem = '1MB';",
    ]
    assert project.text().endswith("\n select 1;\n")


def test_line_ends_and_the_mark_stay(project: Project) -> None:
    """A file of Windows remains one."""
    project.write("\ufeffselect 1;\r\nalter table t owner to postgres;\r\nset role postgres;\r\n")
    project.convert()
    text = project.text()
    assert text.startswith("\ufeffselect 1;\r\n")
    assert text.count("\n") == text.count("\r\n") == 4


def test_what_needs_no_edit_stays_as_it_is(project: Project) -> None:
    """A folder that uses nothing of Supabase gets neither edits nor a prelude."""
    project.write("create table t (x int); -- ä\n")
    found = project.convert()
    assert [(file.target, file.edits) for file in found.files] == [("20240101000001_x.sql", 0)]


def test_no_secret_is_in_text_or_report(project: Project) -> None:
    """Not the value in the vault, nor an option of a server, nor a password of a role."""
    project.write(
        *CONSTRUCTS.values(),
        "create role authenticator login password 'hunter2'; alter role anon password 'hunter2';"
        " create role mine login password 'hunter2'; alter role mine password 'hunter2';"
        " insert into vault.secrets (secret, name) values ('hunter2', 'x');"
        " select vault.update_secret('00000000-0000-0000-0000-000000000001', 'hunter2');"
        " create or replace function f() returns void language plpgsql as $$ begin perform"
        " vault.create_secret('hunter2', 'x'); end $$;",
        names=tuple(f"{number}_x.sql" for number in range(1, len(CONSTRUCTS) + 2)),
    )
    found = project.convert()
    shown = json.dumps(conversion_data(found)) + conversion_markdown(found)
    assert "hunter2" not in shown + render_conversion(found)
    assert not [file.target for file in found.files if b"hunter2" in file.content]


def test_a_note_names_the_place_in_the_source(project: Project) -> None:
    """Line and column, also behind a character of several bytes and rows of COPY."""
    project.write("copy t (a) from stdin;\n1\n2\n\\.\n/* äö */ alter system set work_mem = '1';\n")
    note = noted(project.convert(), "server setting")
    assert (note.line, note.column, note.treatment) == (5, 10, Treatment.REPORTED)


def test_a_schedule_is_reported_wherever_it_stands(project: Project) -> None:
    """In a statement, in a body and in a string of a body's body; its command is not repeated."""
    project.write(
        "select cron.schedule('a', '0 3 * * 0', $$ select net.http_post('https://x.y') $$);\n"
        "do $do$ begin perform cron.schedule('b', '30 seconds', $$ select 1 $$); end $do$;\n"
        "create function f(at text) returns void language sql as $$\n"
        "select cron.schedule('c', at, 'select 1') $$;\n"
    )
    one, two, three = project.convert().schedules
    assert (one.name, one.expression, one.calls) == ("a", "cron(0 3 ? * 1 *)", ("net.http_post",))
    assert (two.name, two.expression) == ("b", "")
    assert "30 seconds" in two.why
    assert (three.name, three.line, three.expression) == ("c", 4, "")


def test_all_files_that_cannot_be_read_are_named(project: Project) -> None:
    """With line and column; the others are converted."""
    project.write(
        "select 1;\ncreate tabel x;", "\\i other.sql", "copy t from stdin;\n1", "select 1;"
    )
    found = project.convert()
    assert [entry.where for entry in found.refusals] == [
        "20240101000001_x.sql:2:8",
        "20240101000002_x.sql:1",
        "20240101000003_x.sql:1",
    ]
    assert [file.source for file in found.files] == ["20240101000004_x.sql"]


@pytest.mark.parametrize(
    ("names", "targets"),
    [
        (["20240101_a", "20240101_b"], ["20240101000000_a", "20240101000001_b"]),
        (["20240101000000_a", "20240101000000_b"], ["20240101000000_a", "20240101000001_b"]),
        (["20240101_a", "20240101120000_b"], ["20240101120000_b", "20240101120001_a"]),
        (["10_b", "9_a"], ["9_a", "10_b"]),
        (["schema", "rows"], ["0001_rows", "0002_schema"]),
        (["00000000000000_a", "00000000000001_b"], ["00000000000001_a", "00000000000002_b"]),
        (["20240101000000_8f3c2d1e-aaaa"], ["20240101000000_8f3c2d1e-aaaa"]),
    ],
)
def test_files_keep_the_order_in_which_supabase_applies_them(
    project: Project, names: list[str], targets: list[str]
) -> None:
    """Where two have one version, or a short stamp follows a long one, they get another name."""
    project.write(*("select 1;" for _ in names), names=tuple(f"{name}.sql" for name in names))
    assert [file.target.removesuffix(".sql") for file in project.convert().files] == targets


def test_what_supabase_does_not_apply_is_passed_over(project: Project) -> None:
    """A seed beside migrations is none."""
    project.write("select 1;", "select 1;", names=("1_a.sql", "seed.sql"))
    assert [file for file, _ in project.convert().passed] == ["seed.sql"]


def test_every_piece_of_the_prelude_is_sql() -> None:
    """Each can be read, and what it needs is there."""
    assert {name for piece in pieces().values() for name in piece.needs} <= set(pieces())
    parser.parse_sql_json(written(pieces()))


def test_what_the_folder_makes_itself_is_not_provided(project: Project) -> None:
    """A dump of everything brings its own auth.users."""
    project.write("create schema auth; create table auth.users (id uuid primary key);")
    found = project.convert()
    assert not any(b"create table if not exists auth.users" in file.content for file in found.files)
