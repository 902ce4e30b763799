"""A session that changes a database: scripts as one message each, and who keeps them waiting."""

from __future__ import annotations

import select
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, LiteralString

from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import malformed, not_connected

if TYPE_CHECKING:
    import psycopg

Row = tuple[Any, ...]

_CONNECT_TIMEOUT_SECONDS = 10
_SETTING = "database.owner_dsn"
_LOOK_SECONDS = 1.0
# Primary messages of these classes can quote a row's value, or are somebody's own words.
_QUOTING = ("22", "P0")
DENIED = "42501"
_GONE = ("57P01", "57P02", "57P03", "08")
_BLOCKERS: LiteralString = """
select coalesce(nullif(a.application_name, ''), 'somebody'), a.usename::text,
       extract(epoch from now() - a.xact_start)::integer
from unnest(pg_blocking_pids(%s)) b (pid) join pg_stat_activity a on a.pid = b.pid
order by a.xact_start
"""


@dataclass(frozen=True, slots=True)
class Holder:
    """A session that holds a lock: its program, its role, and how long its transaction lasts."""

    program: str
    role: str
    seconds: int


@dataclass(frozen=True, slots=True)
class Answer:
    """The rows of one query, and the names of their columns."""

    columns: tuple[str, ...]
    rows: Sequence[Row]


class Refused(Exception):
    """What the server says of a script: `position` counts characters of it from 0, None unknown.

    `done` is how many statements of the script had succeeded. `message` quotes no value.
    """

    def __init__(self, sqlstate: str, message: str, position: int | None, done: int) -> None:
        super().__init__(message)
        self.sqlstate = sqlstate
        self.message = message
        self.position = position
        self.done = done


class ConnectionLost(Exception):
    """The connection ended on the way: what of a script was committed, the ledger says."""


class DatabaseSession:
    """One connection, outside of transactions unless a script begins one. Not thread-safe.

    `dsn` is a libpq connection string; it never appears in an error.
    """

    def __init__(self, dsn: str, *, program: str = "readyctl migrate") -> None:
        self._dsn = dsn
        self._program = program
        self._connection: psycopg.Connection[Row] | None = None
        self._watcher: psycopg.Connection[Row] | None = None
        self.notices: list[str] = []

    def query(self, statement: LiteralString, parameters: Sequence[object] = ()) -> list[Row]:
        """Return the rows of a statement, which is committed by itself.

        Raises:
            Refused: the server refuses it.
            SourceFailure: there is no connection.
            ConnectionLost: it ended on the way.
        """
        import psycopg

        try:
            cursor = self._connected().execute(statement, parameters or None)
            return cursor.fetchall() if cursor.description else []
        except psycopg.Error as error:
            if not error.sqlstate or error.sqlstate.startswith(_GONE):
                raise ConnectionLost from None
            raise _refused(error.diag, 0) from None

    def pipelined(self, statements: Sequence[str], preamble: str = "") -> list[Answer]:
        """Return the rows of many queries, which see one moment and change nothing.

        They are one message and one answer, however many they are. `preamble` are statements
        that go before, such as SET LOCAL.

        Raises:
            Refused, SourceFailure, ConnectionLost: see `query`.
        """
        import psycopg

        text = ";\n".join(
            ("begin isolation level repeatable read read only", preamble or "select", *statements)
        )
        connection = self._connected()
        try:
            cursor = connection.execute(f"{text};\ncommit".encode())
            return list(_answers(cursor))[-len(statements) :]
        except psycopg.Error as error:
            if not error.sqlstate or error.sqlstate.startswith(_GONE):
                raise ConnectionLost from None
            connection.execute("rollback")
            raise _refused(error.diag, 0) from None

    def script(self, text: str, waiting: Callable[[list[Holder]], None] | None = None) -> None:
        """Run statements as one message: in one transaction, unless the text has its own.

        `waiting` is told who holds the lock, each second in which nothing comes back.

        Raises:
            Refused, SourceFailure, ConnectionLost: see `query`.
        """
        from psycopg import OperationalError

        connection = self._connected()
        wire = connection.pgconn
        try:
            wire.send_query(text.encode())
            self._results(connection, waiting)
        except KeyboardInterrupt:
            # The server must not go on with what nobody waits for.
            connection.cancel()
            raise
        except (OSError, OperationalError):
            raise ConnectionLost from None

    @property
    def server_version(self) -> int:
        """The server's version as it names itself at the start, such as 160004: no round trip."""
        return self._connected().info.server_version

    @property
    def user(self) -> str:
        """The role that has logged in."""
        return self._connected().info.user

    @property
    def backend_pid(self) -> int:
        """The server process as the connection's start named it; a pooler names another."""
        return self._connected().info.backend_pid

    def close(self) -> None:
        """Close the connection; locks that it holds are given back."""
        for connection in (self._connection, self._watcher):
            if connection is not None:
                connection.close()
        self._connection = self._watcher = None

    def _results(
        self,
        connection: psycopg.Connection[Row],
        waiting: Callable[[list[Holder]], None] | None,
    ) -> None:
        from psycopg.errors import OperationalError
        from psycopg.pq import ExecStatus

        wire, done = connection.pgconn, 0
        failure: Refused | None = None
        while True:
            try:
                self._wait(connection, waiting)
                result = wire.get_result()
            except OperationalError:
                raise ConnectionLost from None
            if result is None:
                break
            if result.status in (ExecStatus.COPY_IN, ExecStatus.COPY_OUT):
                _end_copy(wire, result.status)
            elif result.status == ExecStatus.FATAL_ERROR:
                failure = failure or _refused(_Diagnostics(result), done)
            elif result.command_status:
                # A rule can answer with more than one result; one of them is the statement's.
                done += 1
        if failure:
            if failure.sqlstate.startswith(_GONE) or not failure.sqlstate:
                raise ConnectionLost
            raise failure

    def _wait(
        self,
        connection: psycopg.Connection[Row],
        waiting: Callable[[list[Holder]], None] | None,
    ) -> None:
        wire = connection.pgconn
        while wire.flush():
            select.select([wire.socket], [wire.socket], [])
        while wire.is_busy():
            ready, _, _ = select.select([wire.socket], [], [], _LOOK_SECONDS)
            if ready:
                wire.consume_input()
            elif waiting:
                waiting(self._holders(wire.backend_pid))

    def _holders(self, backend: int) -> list[Holder]:
        import psycopg

        try:
            if self._watcher is None:
                self._watcher = self._opened(f"{self._program} (watching)")
            return [Holder(*row) for row in self._watcher.execute(_BLOCKERS, [backend])]
        except (psycopg.Error, SourceFailure):
            # To know who is nice; the script does not fail because nobody can say.
            return []

    def _connected(self) -> psycopg.Connection[Row]:
        if self._connection is None:
            self._connection = self._opened(self._program)
            self._connection.add_notice_handler(self._note)
        return self._connection

    def _opened(self, program: str) -> psycopg.Connection[Row]:
        import psycopg

        try:
            return psycopg.connect(
                self._dsn,
                autocommit=True,
                prepare_threshold=None,
                connect_timeout=_CONNECT_TIMEOUT_SECONDS,
                application_name=program,
                # Files are read as UTF-8, whatever PGCLIENTENCODING says.
                client_encoding="UTF8",
            )
        except psycopg.ProgrammingError:
            raise malformed(_SETTING) from None
        except psycopg.Error as error:
            raise not_connected(error, _SETTING) from None

    def _note(self, diagnostics: Any) -> None:
        # "relation already exists, skipping" and its like: what IF NOT EXISTS did not do.
        if str(diagnostics.sqlstate).startswith("42"):
            self.notices.append(str(diagnostics.message_primary))


def _answers(cursor: psycopg.Cursor[Row]) -> Iterator[Answer]:
    more: bool | None = True
    while more:
        if cursor.description is not None:
            yield Answer(tuple(column.name for column in cursor.description), cursor.fetchall())
        more = cursor.nextset()


def _end_copy(wire: Any, status: int) -> None:
    from psycopg.pq import ExecStatus

    if status == ExecStatus.COPY_IN:
        wire.put_copy_end(b"rows of COPY must be in the file as INSERT")
        return
    # Nobody asked to see them.
    while wire.get_copy_data(0)[0] > 0:
        continue


class _Diagnostics:
    """The fields of a result's error, as psycopg names them."""

    def __init__(self, result: Any) -> None:
        from psycopg.pq import DiagnosticField

        def field(which: DiagnosticField) -> str:
            found: bytes | None = result.error_field(which)
            return found.decode(errors="replace") if found else ""

        self.sqlstate = field(DiagnosticField.SQLSTATE)
        self.message_primary = field(DiagnosticField.MESSAGE_PRIMARY)
        self.statement_position = field(DiagnosticField.STATEMENT_POSITION)


def _refused(diagnostics: Any, done: int) -> Refused:
    state = str(diagnostics.sqlstate or "")
    position = diagnostics.statement_position
    message = str(diagnostics.message_primary or "")
    if state.startswith(_QUOTING):
        message = f"{_condition(state)} (its words may quote a value, and are not shown)"
    return Refused(state, message, int(position) - 1 if position else None, done)


def _condition(state: str) -> str:
    from psycopg import errors

    try:
        return errors.lookup(state).__name__
    except KeyError:
        return f"SQLSTATE {state}"
