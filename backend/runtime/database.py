"""One connection for a container, and transactions in which PostgreSQL knows who calls."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any, LiteralString
from uuid import UUID

import psycopg
from psycopg.rows import dict_row
from psycopg.types.json import Jsonb

from backend.runtime.problems import BadRequest, Conflict, Forbidden, NotFound, Unavailable
from backend.runtime.secrets import database_url

Row = dict[str, Any]
Parameters = Mapping[str, Any]

_OPTIONS = "-c statement_timeout=8s -c lock_timeout=5s -c idle_in_transaction_session_timeout=10s"
_BEGIN: LiteralString = "select app.begin_request(%s) as role, app.user_id() as user_id"
_AUDIT: LiteralString = """
insert into audit_log (action, subject_kind, subject_id, client_id)
values (%(action)s, %(subject_kind)s, %(subject_id)s, %(client_id)s)
"""
_EMIT: LiteralString = """
insert into outbox (event, subject_kind, subject_id, detail)
values (%(event)s, %(kind)s, %(subject_id)s, %(detail)s)
"""


class Transaction:
    """What a function may do with the database: it sees the caller's rows, and no others."""

    def __init__(self, connection: psycopg.Connection[Row]) -> None:
        self._connection = connection

    def rows(self, statement: LiteralString, parameters: Parameters | None = None) -> list[Row]:
        """Return the rows of a statement."""
        return self._connection.execute(statement, parameters).fetchall()

    def row(self, statement: LiteralString, parameters: Parameters | None = None) -> Row | None:
        """Return the first row of a statement, None when it has none."""
        return self._connection.execute(statement, parameters).fetchone()

    def one(self, statement: LiteralString, parameters: Parameters | None = None) -> Row:
        """Return the first row of a statement.

        Raises:
            NotFound: it has none that the caller sees.
        """
        found = self.row(statement, parameters)
        if found is None:
            raise NotFound
        return found

    def run(self, statement: LiteralString, parameters: Parameters | None = None) -> None:
        """Run a statement that returns nothing."""
        self._connection.execute(statement, parameters)

    def audit(
        self, action: str, kind: str, subject_id: UUID | None, client_id: UUID | None = None
    ) -> None:
        """Write a row of the audit log, in this transaction; who acts is known to the database."""
        self.run(
            _AUDIT,
            {
                "action": action,
                "subject_kind": kind,
                "subject_id": subject_id,
                "client_id": client_id,
            },
        )

    def emit(self, event: str, kind: str, subject_id: UUID, **ids: UUID | str | None) -> None:
        """Write a domain event to the outbox, in this transaction; it holds ids and no record."""
        given = {name: str(value) for name, value in ids.items() if value is not None}
        self.run(
            _EMIT,
            {"event": event, "kind": kind, "subject_id": subject_id, "detail": Jsonb(given)},
        )


class Database:
    """The connection of a container: opened late, kept, and replaced when it was lost."""

    def __init__(self) -> None:
        self._connection: psycopg.Connection[Row] | None = None

    @contextmanager
    def transaction(self, request: Mapping[str, str]) -> Iterator[tuple[Transaction, Row]]:
        """Begin a transaction for the caller in `request`; yield it, with role and user id.

        The role is None for somebody who is nobody here. What PostgreSQL refuses becomes a
        problem that repeats no value; nothing is kept of a transaction that fails.

        Raises:
            Conflict: a constraint, a state machine or an expected version does not allow it.
            BadRequest: a value that no column can hold.
            Forbidden: row-level security does not let the caller write it.
            Unavailable: the database does not answer, or not in time.
        """
        try:
            connection, caller = self._begun(request)
            try:
                yield Transaction(connection), caller
                connection.commit()
            except BaseException:
                _abandon(connection)
                raise
        except (
            psycopg.IntegrityError,
            psycopg.errors.SerializationFailure,
            psycopg.errors.DeadlockDetected,
        ):
            raise Conflict from None
        except (psycopg.DataError, UnicodeEncodeError):
            raise BadRequest("a value cannot be stored") from None
        except psycopg.errors.InsufficientPrivilege:
            # A policy refuses the row that would be written: it would be somebody else's.
            raise Forbidden from None
        except (psycopg.OperationalError, psycopg.InterfaceError):
            raise Unavailable from None

    def close(self) -> None:
        """Drop the connection; the next transaction opens another."""
        if self._connection:
            self._connection.close()
        self._connection = None

    def _begun(self, request: Mapping[str, str]) -> tuple[psycopg.Connection[Row], Row]:
        kept = self._connection is not None and not self._connection.closed
        try:
            return self._begin(request)
        except psycopg.OperationalError:
            # A kept connection may have been closed at the other end while the container slept.
            # Nothing was done on it yet, so once more is safe.
            self.close()
            if not kept:
                raise
            return self._begin(request)

    def _begin(self, request: Mapping[str, str]) -> tuple[psycopg.Connection[Row], Row]:
        connection = self._connection
        if connection is None or connection.closed:
            connection = psycopg.connect(
                database_url(),
                row_factory=dict_row,
                prepare_threshold=None,
                connect_timeout=3,
                options=_OPTIONS,
                application_name="backend",
            )
            self._connection = connection
        caller = connection.execute(_BEGIN, [Jsonb(dict(request))]).fetchone()
        return connection, caller or {"role": None, "user_id": None}


def _abandon(connection: psycopg.Connection[Row]) -> None:
    try:
        connection.rollback()
    except psycopg.Error:
        connection.close()
