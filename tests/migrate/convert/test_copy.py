"""Rows of COPY become INSERT statements that make the same rows."""

from __future__ import annotations

import psycopg
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readyctl.errors import MigrateError
from readyctl.local.state import LocalState
from readyctl.migrate.convert.copyrows import copies
from tests import databases

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=12)
ROWS = st.lists(st.tuples(*[st.one_of(st.none(), TEXT)] * 3), min_size=1, max_size=5)


@pytest.mark.environment
@pytest.mark.parametrize("form", ["", " with (format csv)", " with (format csv, header)"])
def test_rows_are_the_same(local_empty: LocalState, form: str) -> None:
    """What the server writes with COPY TO comes back as it was."""
    with databases.database(local_empty) as dsn, psycopg.connect(dsn) as connection:
        connection.execute("create table a (x text, y text, z text)")
        connection.execute("create table b (x text, y text, z text)")

        @settings(max_examples=80, deadline=None)
        @given(ROWS)
        def check(rows: list[tuple[str | None, ...]]) -> None:
            connection.execute("truncate a, b")
            connection.cursor().executemany("insert into a values (%s, %s, %s)", rows)
            with connection.cursor().copy(f"copy a to stdout{form}".encode()) as copied:
                data = b"".join(bytes(part) for part in copied).decode()
            text = f"copy b from stdin{form};\n{data}\\.\n"
            (found,) = copies(text, "x.sql")
            connection.execute(found.text.encode())
            assert connection.execute("select * from b").fetchall() == rows
            assert found.rows == len(rows)

        check()


def test_nothing_else_is_read_as_copy() -> None:
    """Neither in a string, nor in a comment, nor in a body."""
    text = "select 'copy t from stdin;\n';\n-- copy t from stdin;\n$$copy t from stdin;\n\\.\n$$"
    assert not list(copies(text, "x.sql"))


@pytest.mark.parametrize(
    ("text", "where"),
    [
        ("copy t (a, b) from stdin;\n1\t2\n3\n\\.\n", "x.sql:3"),
        ("select 1;\ncopy t from stdin;\n1\n", "x.sql:2"),
        ("copy t from stdin with (format binary);\n\\.\n", "x.sql:1"),
    ],
)
def test_rows_that_cannot_be_read_are_refused(text: str, where: str) -> None:
    """With the line."""
    with pytest.raises(MigrateError) as caught:
        list(copies(text, "x.sql"))
    assert (caught.value.code, caught.value.where) == ("E0441", where)
