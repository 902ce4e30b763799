"""A temporary database on a server that somebody else uses, too."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator

from readyctl.clients.database import ConnectionLost, DatabaseSession, Refused
from readyctl.errors import MigrateError

PREFIX = "readyctl_shadow_"


@contextlib.contextmanager
def scratch(dsn: str) -> Iterator[str]:
    """Make an empty database beside the one of `dsn`, yield its connection string, drop it.

    Raises:
        MigrateError: E0461, the role may not make a database.
        SourceFailure: there is no connection.
    """
    from psycopg.conninfo import make_conninfo

    name = f"{PREFIX}{secrets.token_hex(6)}"
    session = DatabaseSession(dsn)
    try:
        _make(session, name)
        try:
            yield make_conninfo(dsn, dbname=name)
        finally:
            session.script(f"drop database if exists {name} with (force)")
    except ConnectionLost:
        raise MigrateError(
            "E0461",
            "the connection was lost while a temporary database was in use",
            where=name,
            hint=f"drop database if exists {name}",
        ) from None
    finally:
        session.close()


def _make(session: DatabaseSession, name: str) -> None:
    try:
        session.script(f"create database {name} template template0")
    except Refused as refused:
        raise MigrateError(
            "E0461",
            "no temporary database can be made on the server",
            cause=refused.message,
            hint="grant the role CREATEDB, or build it apart: --shadow embedded",
        ) from None
