"""The table that says which migrations were applied: written in the transaction that did it."""

from __future__ import annotations

import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from readyctl import __version__
from readyctl.clients.database import DENIED, DatabaseSession, Refused
from readyctl.clients.sqlwriting import literal, quoted
from readyctl.errors import ExitCode, MigrateError
from readyctl.model.migration import Migration

_COLUMNS = (
    "version text primary key, name text not null, file text not null, sha256 text not null,"
    " tokens_sha256 text not null, kind text not null default 'applied'"
    " check (kind in ('applied', 'baseline', 'partial')),"
    " done integer not null default 0, attempting integer, applied_at timestamptz,"
    " applied_by text not null default session_user, duration_ms integer not null default 0,"
    " tool_version text not null, content bytea not null"
)
# What a file holds may be seed data: who only reads the ledger does not read that.
_PLAIN = (
    "version, name, file, sha256, tokens_sha256, kind, done, attempting, applied_at, applied_by,"
    " duration_ms, tool_version"
)

_PREPARED = "readyctl_record"


@dataclass(frozen=True, slots=True)
class Entry:
    """A migration that the ledger knows.

    `kind` is `applied`, `baseline` (it was there before), or `partial`: `done` statements of it
    are, and `attempting` is one that cannot run in a transaction and may be, too.
    """

    version: str
    file: str
    sha256: str
    tokens_sha256: str
    kind: str
    done: int
    attempting: int | None
    applied_at: datetime | None
    applied_by: str
    duration_ms: int
    text: str


class Ledger:
    """The ledger of a database; `table` has its schema, as in `readyctl.migrations`."""

    def __init__(self, session: DatabaseSession, table: str) -> None:
        schema, _, name = table.rpartition(".")
        self.schema, self.name = schema or "public", name
        self.table = f"{quoted(self.schema)}.{quoted(self.name)}"
        self._session = session

    def exists(self) -> bool:
        """Return whether the table is there."""
        found = self._session.query(
            "select 1 from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where n.nspname = %s and c.relname = %s",
            [self.schema, self.name],
        )
        return bool(found)

    def make(self, readers: tuple[str, ...] = ()) -> None:
        """Make the table where it is not there; `readers` are roles that may read it.

        Raises:
            MigrateError: E0422, the role may not make it.
        """
        if self.exists():
            return
        grants = "".join(
            f"grant usage on schema {quoted(self.schema)} to {quoted(role)};"
            f" grant select ({_PLAIN}) on {self.table} to {quoted(role)};"
            for role in readers
        )
        # Looked for first: "if not exists" asks for the right to create.
        known = self._session.query("select 1 from pg_namespace where nspname = %s", [self.schema])
        schema = "" if known else f"create schema {quoted(self.schema)};"
        try:
            self._session.script(f"{schema} create table {self.table} ({_COLUMNS}); {grants}")
        except Refused as refused:
            raise self._unusable(
                "E0422", "made", refused, "the role that owns the database"
            ) from None

    def entries(self) -> tuple[Entry, ...]:
        """Return what the ledger holds; nothing where there is none yet.

        Raises:
            MigrateError: E0423, the role may not read it, or it is no ledger of readyctl.
        """
        if not self.exists():
            return ()
        try:
            rows = self._session.query(
                "select version, file, sha256, tokens_sha256, kind, done, attempting, applied_at,"
                f" applied_by, duration_ms, content from {self.table}"
            )
        except Refused as refused:
            other = "its owner, or name another table: database.ledger in config.yaml"
            raise self._unusable("E0423", "read", refused, other) from None
        return tuple(Entry(*(*row[:-1], _unpacked(row[-1]))) for row in rows)

    def _unusable(self, code: str, what: str, refused: Refused, whom: str) -> MigrateError:
        error = MigrateError(
            code,
            f"the ledger cannot be {what}",
            cause=refused.message,
            where=f"{self.schema}.{self.name}",
            hint=f"connect as {whom}",
        )
        if refused.sqlstate == DENIED:
            error.exit_code = ExitCode.CREDENTIALS
        return error

    def has(self, versions: Sequence[str]) -> set[str]:
        """Return which of these versions were applied."""
        rows = self._session.query(
            f"select version from {self.table} where kind = 'applied' and version = any(%s)",
            [list(versions)],
        )
        return {str(version) for (version,) in rows}

    def record(self, migration: Migration, kind: str, done: int, began_ms: str) -> str:
        """Return the statement that records a migration, for the transaction that applies it.

        `began_ms` is an SQL expression of the milliseconds that it took.
        """
        when = "null" if kind == "partial" else "pg_catalog.clock_timestamp()"
        return self._insert((*_values(migration, kind, done), began_ms, when))

    def prepare(self, began_ms: str) -> str:
        """Return statements that make `execute` possible in this session."""
        parameters = tuple(f"${number}" for number in range(1, 10))
        insert = self._insert((*parameters, began_ms, "pg_catalog.clock_timestamp()"))
        return f"deallocate all; prepare {_PREPARED} as {insert};"

    def execute(self, migration: Migration) -> str:
        """Return the statement that records an applied migration, planned by `prepare`."""
        done = len(migration.statements)
        return f"execute {_PREPARED} ({', '.join(_values(migration, 'applied', done))})"

    def _insert(self, values: tuple[str, ...]) -> str:
        return (
            f"insert into {self.table} as l (version, name, file, sha256, tokens_sha256, kind,"
            " done, tool_version, content, duration_ms, applied_at)"
            f" values ({', '.join(values)})"
            " on conflict (version) do update set kind = excluded.kind, done = excluded.done,"
            " name = excluded.name, file = excluded.file, attempting = null,"
            " applied_at = excluded.applied_at, sha256 = excluded.sha256,"
            " tokens_sha256 = excluded.tokens_sha256, content = excluded.content,"
            " duration_ms = l.duration_ms + excluded.duration_ms"
        )

    def attempt(self, migration: Migration, done: int) -> str:
        """Return statements that record what is tried outside of any transaction."""
        return (
            f"{self.record(migration, 'partial', done, '0')};"
            f" update {self.table} set attempting = {done} where version ="
            f" {literal(migration.version)}"
        )

    def refused(self, version: str) -> str:
        """Return the statement that records that what was tried had not been done."""
        return f"update {self.table} set attempting = null where version = {literal(version)}"

    def forget(self, version: str) -> None:
        """Remove an entry."""
        self._session.script(f"delete from {self.table} where version = {literal(version)}")


def owner_of(session: DatabaseSession, table: str) -> str:
    """Return the role that applies migrations: the owner of the ledger, else of the database."""
    schema, _, name = table.rpartition(".")
    ((owner,),) = session.query(
        "select coalesce((select pg_get_userbyid(c.relowner) from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace where n.nspname = %s and c.relname = %s),"
        " (select pg_get_userbyid(datdba) from pg_database where datname = current_database())"
        ")::text",
        [schema or "public", name],
    )
    return str(owner)


def _values(migration: Migration, kind: str, done: int) -> tuple[str, ...]:
    return (
        *map(literal, (migration.version, migration.name, migration.file)),
        *map(literal, (migration.sha256, migration.tokens_sha256, kind)),
        str(done),
        literal(__version__),
        f"'\\x{zlib.compress(migration.text.encode(), 1).hex()}'",
    )


def _unpacked(content: bytes) -> str:
    try:
        return zlib.decompress(content).decode()
    except (zlib.error, UnicodeDecodeError):
        return ""
