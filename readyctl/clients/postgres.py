"""Reads PostgreSQL: one read-only connection, each query at most once, with typed failures."""

from __future__ import annotations

import re
import threading
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, LiteralString

from readyctl.clients.failures import SourceFailure
from readyctl.model.fact import Reason

if TYPE_CHECKING:
    import psycopg

Row = dict[str, Any]

_CONNECT_TIMEOUT_SECONDS = 5
_STATEMENT_TIMEOUT = "15s"
# libpq gives no SQLSTATE for a connection that was refused, only the server's words.
_REFUSED = re.compile(r"authentication failed|no pg_hba\.conf entry|permission denied|password")
_NOWHERE = re.compile(r'database ".*" does not exist')
_DENIED_OBJECT = re.compile(r"permission denied for (.+)")


class PostgresReader:
    """One database. Thread-safe; connects at the first query; equal queries are sent once.

    `dsn` is a libpq connection string or None where the environment has none; it never appears
    in an error.
    """

    def __init__(self, dsn: str | None) -> None:
        self._dsn = dsn
        self._connection: psycopg.Connection[Row] | None = None
        self._failure: SourceFailure | None = None
        self._answers: dict[object, list[Row] | SourceFailure] = {}
        self._lock = threading.Lock()

    def query(
        self,
        sql: LiteralString,
        params: Sequence[object] | Mapping[str, object] | None = None,
        *,
        identifiers: Mapping[str, Sequence[str]] | None = None,
    ) -> list[Row]:
        """Return the rows of a query, in a read-only transaction of its own.

        `identifiers` fills `{name}` in `sql` with quoted, dotted names that were configured.

        Raises:
            SourceFailure: NOT_CONFIGURED, UNREACHABLE, DENIED (names the object) or FAILED.
        """
        key = (sql, repr(params), repr(identifiers))
        with self._lock:
            if key not in self._answers:
                self._answers[key] = self._asked(sql, params, identifiers)
            answer = self._answers[key]
        if isinstance(answer, SourceFailure):
            raise answer
        return answer

    def close(self) -> None:
        """Close the connection; a later query fails."""
        with self._lock:
            if self._connection is not None:
                self._connection.close()

    def _asked(
        self,
        statement: LiteralString,
        params: Sequence[object] | Mapping[str, object] | None,
        identifiers: Mapping[str, Sequence[str]] | None,
    ) -> list[Row] | SourceFailure:
        import psycopg
        from psycopg import sql

        try:
            connection = self._connected()
            composed = (
                sql.SQL(statement).format(
                    **{name: sql.Identifier(*parts) for name, parts in identifiers.items()}
                )
                if identifiers
                else sql.SQL(statement)
            )
            try:
                return connection.execute(composed, params).fetchall()
            finally:
                if not connection.closed:
                    connection.rollback()
        except SourceFailure as failure:
            return failure
        except psycopg.Error as error:
            return _failure(error)

    def _connected(self) -> psycopg.Connection[Row]:
        if self._failure is not None:
            raise self._failure
        if self._connection is None:
            try:
                self._connection = _connect(self._dsn)
            except SourceFailure as failure:
                self._failure = failure
                raise
        return self._connection


def _connect(dsn: str | None) -> psycopg.Connection[Row]:
    import psycopg
    from psycopg.rows import dict_row

    if not dsn:
        raise SourceFailure(
            Reason.NOT_CONFIGURED,
            "no database is configured for this environment",
            resolution="set `database.dsn` of the environment, for example env:DATABASE_URL",
        )
    try:
        connection = psycopg.connect(
            dsn,
            autocommit=True,
            prepare_threshold=None,
            row_factory=dict_row,
            connect_timeout=_CONNECT_TIMEOUT_SECONDS,
            application_name="readyctl",
        )
        connection.execute(
            "select set_config('statement_timeout', %s, false)", [_STATEMENT_TIMEOUT]
        )
        connection.set_autocommit(False)
        connection.set_read_only(True)
    except psycopg.ProgrammingError:
        raise malformed() from None
    except psycopg.Error as error:
        raise not_connected(error) from None
    return connection


def not_connected(error: psycopg.Error, setting: str = "database.dsn") -> SourceFailure:
    """Return why there is no connection, without the server's words, which can name a user."""
    if _REFUSED.search(str(error)):
        return SourceFailure(
            Reason.DENIED,
            "PostgreSQL refused the connection's user",
            where="database",
            permission="CONNECT on the database",
            resolution=f"check the user and the password that `{setting}` refers to",
        )
    if _NOWHERE.search(str(error)):
        return SourceFailure(
            Reason.UNREACHABLE,
            "the server has no such database",
            where="database",
            resolution=f"check the database that `{setting}` refers to",
        )
    return SourceFailure(
        Reason.UNREACHABLE,
        f"PostgreSQL did not answer ({type(error).__name__})",
        where="database",
        resolution=f"check that the database of `{setting}` runs, and that this machine reaches it",
    )


def malformed(setting: str = "database.dsn") -> SourceFailure:
    """Return the failure of a connection string that libpq cannot read; it is not shown."""
    return SourceFailure(
        Reason.NOT_CONFIGURED,
        "the database's connection string is malformed",
        resolution=f"give `{setting}` as postgresql://user@host:port/name or key=value pairs",
    )


def _failure(error: psycopg.Error) -> SourceFailure:
    """Translate without the server's text, which can repeat a value of a row."""
    state = error.sqlstate or ""
    if state == "42501":
        return _denied(error.diag.message_primary or "")
    if state.startswith("28"):
        return SourceFailure(
            Reason.DENIED,
            f"PostgreSQL refused the connection's user (SQLSTATE {state})",
            where="database",
            permission="CONNECT on the database",
        )
    if state == "57014":
        return SourceFailure(
            Reason.FAILED,
            f"PostgreSQL cancelled a query after {_STATEMENT_TIMEOUT}",
            where="database",
            resolution="run the audit again when the database is less busy",
        )
    if not state or state.startswith(("08", "57P")):
        return not_connected(error)
    return SourceFailure(
        Reason.FAILED,
        f"a query failed ({type(error).__name__}, SQLSTATE {state})",
        where="database",
    )


def _denied(text: str) -> SourceFailure:
    found = _DENIED_OBJECT.search(text)
    thing = found.group(1) if found else "an object"
    return SourceFailure(
        Reason.DENIED,
        f"PostgreSQL denied access to {thing}",
        where="database",
        permission=f"SELECT on {thing}",
        resolution=f"grant the connection's role the right to read {thing}",
    )
