"""Tests of finding the tables that SQL creates."""

from __future__ import annotations

import pytest

from readyctl.clients.sqltext import created_tables


@pytest.mark.parametrize(
    ("sql", "names"),
    [
        ("create table Clients (id int)", ["clients"]),
        ("CREATE TABLE IF NOT EXISTS public.notes(id int)", ["notes"]),
        ('create unlogged table app . "Mixed ""Case" (id int)', ['app.Mixed "Case']),
        ("create temp table t (id int); create temporary table u (id int)", []),
        ("-- create table a (id int)\n/* create table b (id int) */", []),
        ("select 'create table a (id int)'", []),
        ("do $body$ create table a (id int) $body$", []),
        ("select $1, E'\\' create table a ('; create table b (id int)", ["b"]),
        ('select "--"; create table a (id int)', ["a"]),
        ("create table '", []),
    ],
)
def test_names(sql: str, names: list[str]) -> None:
    """Permanent tables are found; comments, strings and function bodies are not read."""
    assert [table.name for table in created_tables(sql)] == names


def test_line() -> None:
    """The line is that of the statement, whatever was left out before it."""
    assert created_tables("/* a\nb */\n$$ c\n$$;\ncreate table a (id int)")[0].line == 5
