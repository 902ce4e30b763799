"""Applies migrations: each in one transaction with its entry in the ledger, or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Protocol

from readyctl.clients.database import ConnectionLost, DatabaseSession, Holder, Refused
from readyctl.errors import MigrateError
from readyctl.migrate import concurrently
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.planner import Row
from readyctl.migrate.segments import Segment, place, script, segments
from readyctl.model.migration import Migration, Statement

# Nothing that a file sets may be there for the next one, but for the search path that it sets for
# the database: a session of its own would have that from its beginning.
FRESH = (
    "reset session authorization; reset role; reset all;"
    " select set_config('search_path', substr(c.setting, 13), false) from pg_db_role_setting s,"
    " unnest(s.setconfig) c (setting) where c.setting like 'search\\_path=%' and s.setdatabase in"
    " (0, (select oid from pg_database where datname = current_database())) and s.setrole in"
    " (0, (select oid from pg_roles where rolname = session_user))"
    " order by s.setrole, s.setdatabase;"
)
_LOCKED = ("55P03", "40P01", "40001")
_BACKOFF_SECONDS = 0.25
_LONGEST_BACKOFF_SECONDS = 8.0


@dataclass(frozen=True, slots=True)
class Limits:
    """How long a file may keep others waiting: milliseconds, 0 for ever; and how often it tries."""

    lock_ms: int = 3_000
    statement_ms: int = 0
    tries: int = 8


class Watching(Protocol):
    """Is told what happens; all of it is for people."""

    def began(self, row: Row, number: int, total: int) -> None:
        """A file begins."""

    def waits(self, holders: Sequence[Holder]) -> None:
        """Nothing comes back, because somebody holds a lock."""

    def retries(self, row: Row, attempt: int, holders: Sequence[Holder]) -> None:
        """A lock was not to be had; the file is tried again."""

    def ended(self, row: Row, seconds: float, notices: Sequence[str]) -> None:
        """A file is applied; `notices` are what IF NOT EXISTS left undone."""


@dataclass(slots=True)
class Runner:
    """Applies files on a session that has the lock; a test replaces `pause` and `jitter`."""

    session: DatabaseSession
    ledger: Ledger
    watching: Watching
    limits: Limits = field(default_factory=Limits)
    pause: Callable[[float], None] = sleep
    jitter: Callable[[], float] = random.random

    def apply(self, rows: Sequence[Row]) -> int:
        """Apply pending rows in order; return how many were.

        Raises:
            MigrateError: E0431, a statement is refused; E0432, a lock was not to be had; E0433,
                the connection was lost. Of the file that it happens to, nothing is left that the
                ledger does not say.
        """
        for number, row in enumerate(rows, start=1):
            self.watching.began(row, number, len(rows))
            began = monotonic()
            self.session.notices.clear()
            self._file(row)
            self.watching.ended(row, monotonic() - began, tuple(self.session.notices))
        return len(rows)

    def _file(self, row: Row) -> None:
        migration = row.migration
        if migration is None:
            return
        done = row.entry.done if row.entry else 0
        parts = segments(migration)
        for segment in parts:
            if segment.after > done:
                self._segment(row, migration, segment, last=segment is parts[-1])
        if not parts:
            self.session.script(self.ledger.record(migration, "applied", 0, "0"))

    def _segment(self, row: Row, migration: Migration, segment: Segment, *, last: bool) -> None:
        kind = "applied" if last else "partial"
        attempt = 0
        while True:
            attempt += 1
            holders: list[Holder] = []

            def waiting(found: list[Holder], seen: list[Holder] = holders) -> None:
                seen[:] = found or seen
                self.watching.waits(seen)

            try:
                if segment.alone:
                    self._alone(row, migration, segment, kind, waiting)
                else:
                    self._together(migration, segment, kind, waiting)
            except Refused as refused:
                self._rolled_back()
                if refused.sqlstate not in _LOCKED:
                    raise _failed(migration, segment, refused) from None
                if attempt >= self.limits.tries:
                    raise _locked(migration, segment, refused, holders, attempt) from None
                self.watching.retries(row, attempt, holders)
                self.pause(self._backoff(attempt))
            except ConnectionLost:
                raise _lost(migration) from None
            else:
                return

    def _together(
        self,
        migration: Migration,
        segment: Segment,
        kind: str,
        waiting: Callable[[list[Holder]], None],
    ) -> None:
        before = f"{FRESH} {self._timeouts()} begin;\n"
        after = "reset session authorization; reset role;" + self.ledger.record(
            migration,
            kind,
            segment.after,
            "(extract(epoch from clock_timestamp() - transaction_timestamp()) * 1000)::integer",
        )
        text = script(migration, segment)
        try:
            # A line of its own: the text may end in a comment.
            self.session.script(f"{before}{text}\n;{after};commit", waiting)
        except Refused as refused:
            raise _within(refused, before, text) from None

    def _alone(
        self,
        row: Row,
        migration: Migration,
        segment: Segment,
        kind: str,
        waiting: Callable[[list[Holder]], None],
    ) -> None:
        (statement,) = segment.statements
        again = row.entry is not None and row.entry.attempting == segment.first
        self.session.script(f"{FRESH} {self.ledger.attempt(migration, segment.first)}")
        if not (again and concurrently.is_done(self.session, statement)):
            self.session.script(f"{FRESH} {self._timeouts(lock=False)}")
            try:
                self.session.script(statement.sql, waiting)
            except Refused as refused:
                if not (again and refused.sqlstate in concurrently.THERE_ALREADY):
                    concurrently.clean_up(self.session, statement)
                    raise
        self.session.script(self.ledger.record(migration, kind, segment.after, "0"))

    def _timeouts(self, *, lock: bool = True) -> str:
        return (
            f"set lock_timeout = {self.limits.lock_ms if lock else 0};"
            f" set statement_timeout = {self.limits.statement_ms};"
        )

    def _rolled_back(self) -> None:
        try:
            self.session.script("rollback")
        except (Refused, ConnectionLost):
            # A session that is gone has rolled back.
            return

    def _backoff(self, attempt: int) -> float:
        # Half of it by chance, so that two that hinder each other do not keep in step.
        longest: float = min(_BACKOFF_SECONDS * 2**attempt, _LONGEST_BACKOFF_SECONDS)
        return longest * (0.5 + self.jitter() / 2)


def _within(refused: Refused, before: str, text: str) -> Refused:
    position = None if refused.position is None else refused.position - len(before)
    if position is not None and not 0 <= position < len(text):
        position = None
    return Refused(refused.sqlstate, refused.message, position, refused.done - before.count(";"))


def _failed(migration: Migration, segment: Segment, refused: Refused) -> MigrateError:
    statement = _statement(migration, segment, refused)
    where = f"{migration.file}:{statement.line}:{statement.column}" if statement else migration.file
    first = statement.sql.splitlines()[0] if statement else "at COMMIT"
    kept = f"{segment.first} statements before it" if segment.first else "nothing of the file"
    return MigrateError(
        "E0431",
        f"{migration.file} cannot be applied",
        cause=f"{refused.message} (SQLSTATE {refused.sqlstate}) in: {first[:120]}",
        where=where,
        hint=f"correct it and apply again; {kept} was applied",
    )


def _statement(migration: Migration, segment: Segment, refused: Refused) -> Statement | None:
    if refused.position is not None:
        return place(migration, segment, refused.position)
    if 0 <= refused.done < len(segment.statements):
        return segment.statements[refused.done]
    return None


def _locked(
    migration: Migration,
    segment: Segment,
    refused: Refused,
    holders: Sequence[Holder],
    attempts: int,
) -> MigrateError:
    statement = _statement(migration, segment, refused)
    who = "; ".join(f"{h.program} of {h.role}, for {h.seconds} s" for h in holders)
    return MigrateError(
        "E0432",
        f"{migration.file} waits for a lock that somebody holds",
        cause=f"{who or refused.message}; tried {attempts} times",
        where=f"{migration.file}:{statement.line}" if statement else migration.file,
        hint="let that transaction end and apply again, or give it more time: --lock-timeout",
    )


def _lost(migration: Migration) -> MigrateError:
    return MigrateError(
        "E0433",
        "the connection to the database was lost",
        cause=f"while {migration.file} was applied: as a whole or not at all, the ledger says",
        where=migration.file,
        hint="run `readyctl migrate apply` again: it goes on where the ledger ends",
    )
