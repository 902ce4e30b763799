"""Tests of the facts about routines and publications, against a real server."""

from __future__ import annotations

import pytest

from readyctl.gather.gatherers.routines import publications, schemas_of, security_definers
from tests.gather.gatherers.conftest import Queried

pytestmark = pytest.mark.environment

_DEFINER = "create function f() returns int language sql security definer {} as 'select 1'"


def path_of(queried: Queried, clause: str) -> tuple[bool, list[str], list[str]]:
    """What is said of the path of a routine that is made with a clause."""
    (row,) = queried(
        security_definers, f"grant create on schema public to public; {_DEFINER.format(clause)}"
    )
    return row["pinned"], row["search_path"], row["open_schemas"]


@pytest.mark.parametrize(
    ("clause", "said"),
    [
        ("", (False, [], [])),
        ("set search_path = ''", (True, [], [])),
        ("set search_path = pg_catalog, pg_temp", (True, ["pg_catalog", "pg_temp"], [])),
        ('set search_path = public, "A, b"', (True, ["public", "A, b"], ["public"])),
    ],
)
def test_path_of_a_definer(
    queried: Queried, clause: str, said: tuple[bool, list[str], list[str]]
) -> None:
    """Whether it sets its path, to what, and where everybody may put a name into it."""
    assert path_of(queried, clause) == said


def test_what_is_no_definer(queried: Queried) -> None:
    """Routines with the rights of their caller, and those of extensions, are left out."""
    rows = queried(
        security_definers,
        "create function f() returns int language sql as 'select 1';"
        " create extension pg_trgm; create function g() returns int language sql security definer"
        " as 'select 1'; alter extension pg_trgm add function g()",
    )
    assert rows == []


def test_publications(queried: Queried) -> None:
    """Tables come with their schema; a publication of nothing is there, too."""
    rows = queried(
        publications,
        "create table b (id int primary key); create table a (id int primary key);"
        " create publication ours for table b, a; create publication nothing",
    )
    assert rows == [
        {"name": "nothing", "tables": []},
        {"name": "ours", "tables": ["public.a", "public.b"]},
    ]


@pytest.mark.parametrize(
    ("setting", "schemas"),
    [("", []), ('""', []), ('public, "a""b" , c', ["public", 'a"b', "c"]), ('"$user"', ["$user"])],
)
def test_schemas_of_a_path(setting: str, schemas: list[str]) -> None:
    """Quotes are taken off; an empty path has none."""
    assert schemas_of(setting) == schemas
