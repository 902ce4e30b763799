"""A database of its own for a test, on the server of the local environment."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

import psycopg
from psycopg import sql
from psycopg.conninfo import make_conninfo

if TYPE_CHECKING:
    from readyctl.local.state import LocalState


@contextmanager
def database(state: LocalState) -> Iterator[str]:
    """Make an empty database, yield the superuser's connection string, drop it in the end."""
    admin = state.dsn(state.superuser)
    name = f"test_{secrets.token_hex(6)}"
    with psycopg.connect(admin, autocommit=True) as connection:
        connection.execute(sql.SQL("create database {}").format(sql.Identifier(name)))
    try:
        yield make_conninfo(admin, dbname=name)
    finally:
        with psycopg.connect(admin, autocommit=True) as connection:
            drop = sql.SQL("drop database {} with (force)").format(sql.Identifier(name))
            connection.execute(drop)


def as_login(dsn: str, user: str, password: str) -> str:
    """Return the connection string of another login to the same database."""
    return make_conninfo(dsn, user=user, password=password)
