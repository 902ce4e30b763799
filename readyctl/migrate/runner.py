"""Applies migrations: each in one transaction with its entry in the ledger, or not at all."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from time import monotonic, sleep
from typing import Protocol

from pglast import parser

from readyctl.clients.database import ConnectionLost, DatabaseSession, Holder, Refused
from readyctl.migrate import concurrently, failures
from readyctl.migrate.failures import statement_of
from readyctl.migrate.groups import groups
from readyctl.migrate.headers import milliseconds
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.planner import Row
from readyctl.migrate.segments import (
    Segment,
    behind,
    divided,
    script,
    segments,
    sets_nothing,
    settings,
)
from readyctl.model.migration import Migration

# The text is UTF-8, and the grammar read it so; each message is read before what it sets is set.
_OURS = "set client_encoding = 'UTF8'; set standard_conforming_strings = on;"
_DATABASE_PATH = """
select pg_catalog.set_config('search_path', substr(c.setting, 13), false)
from pg_catalog.pg_db_role_setting s, unnest(s.setconfig) c (setting)
where starts_with(c.setting, 'search_path=')
  and s.setdatabase in (0, (select oid from pg_catalog.pg_database
                            where datname = current_database()))
  and s.setrole in (0, (select oid from pg_catalog.pg_roles where rolname = session_user))
order by s.setrole, s.setdatabase
"""
# Nothing that a file sets may be there for the next one, but for the search path that it sets for
# the database: a session of its own would have that from its beginning. Whoever is killed while
# the server works must not keep the lock until it has done.
FRESH = "; ".join(
    (
        *("reset session authorization", "reset role", "reset all", _DATABASE_PATH),
        *("set client_connection_check_interval = '2s'", _OURS),
    )
)
# Whoever the file became, and as long as that holds: deferred triggers fire before.
_AS_OURSELVES = (
    "set constraints all immediate; set local session_authorization to default;"
    " set local role to default;"
)
_TOOK = (
    "(extract(epoch from pg_catalog.clock_timestamp()"
    " - pg_catalog.transaction_timestamp()) * 1000)::integer"
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


@dataclass(frozen=True, slots=True)
class _Step:
    """A segment on its way; `opening` is what must be set before it, `last` that it ends a file."""

    row: Row
    migration: Migration
    segment: Segment
    opening: str
    last: bool

    @property
    def kind(self) -> str:
        """What the ledger calls the file once this is done."""
        return "applied" if self.last else "partial"


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
    # The timeouts that are set, where nothing else is and the entry's statement is prepared.
    _in_force: str = field(default="", init=False)

    def apply(self, rows: Sequence[Row]) -> int:
        """Apply pending rows in order; return how many were.

        Raises:
            MigrateError: E0431, a statement is refused; E0432, a lock was not to be had; E0433,
                the connection was lost. Of the file that it happens to, nothing is left that the
                ledger does not say.
        """
        self._in_force = ""
        # What cannot be divided is refused before the first file is applied.
        parts = [segments(row.migration) if row.migration else () for row in rows]
        if rows:
            self.session.script(FRESH)
        number = 0
        for group in groups(list(zip(rows, parts, strict=True))):
            done = self._at_once([row for row, _ in group]) if len(group) > 1 else {}
            for row, every in group:
                number += 1
                self.watching.began(row, number, len(rows))
                began = monotonic()
                self.session.notices.clear()
                if row.version not in done:
                    self._file(row, every)
                took = done.get(row.version, monotonic() - began)
                self.watching.ended(row, took, tuple(self.session.notices))
        return len(rows)

    def _at_once(self, rows: Sequence[Row]) -> dict[str, float]:
        """Send small files as one message, each a transaction; return how long each took.

        What one of them is refused for is found out when those that are left are sent alone.
        """
        files = [row.migration for row in rows if row.migration]
        timeouts = self._timeouts(files[0])
        opening = "" if self._in_force == timeouts else timeouts + self.ledger.prepare(_TOOK)
        texts = [
            f"begin;\n{script(each, segment)}\n;{self.ledger.execute(each)};commit;\n"
            for each in files
            for segment in segments(each)
        ]
        began = monotonic()
        try:
            self.session.script(opening + "".join(texts), self.watching.waits)
            self._in_force = timeouts
            done = {each.version for each in files}
        except Refused:
            self._rolled_back()
            self._in_force = ""
            done = self.ledger.has([each.version for each in files])
        except ConnectionLost:
            raise failures.lost(files[0]) from None
        return dict.fromkeys(done, (monotonic() - began) / max(len(done), 1))

    def _file(self, row: Row, every: tuple[Segment, ...]) -> None:
        migration = row.migration
        if migration is None:
            return
        done = row.entry.done if row.entry else 0
        left = list(behind(every, done))
        timeouts = self._timeouts(migration)
        plain = sets_nothing(migration)
        opening = "" if timeouts == self._in_force else timeouts
        if plain and not self._in_force:
            opening += self.ledger.prepare(_TOOK)
        opening += settings(migration, done)
        if not left:
            self._record(migration, "applied", done)
        while left:
            segment = left.pop(0)
            parts = self._segment(_Step(row, migration, segment, opening, last=not left))
            left[:0] = parts
            opening = opening if parts else ""
        # What a file without settings leaves is what the next one needs.
        self._in_force = timeouts if plain and every else ""

    def _segment(self, step: _Step) -> tuple[Segment, ...]:
        """Run a segment; return the parts of one that the server does not take as one."""
        attempt = 0
        while True:
            attempt += 1
            holders: list[Holder] = []

            def waiting(found: list[Holder], seen: list[Holder] = holders) -> None:
                seen[:] = found or seen
                self.watching.waits(seen)

            try:
                if step.segment.alone:
                    self._alone(step, waiting)
                else:
                    self._together(step, waiting)
            except Refused as refused:
                self._rolled_back()
                found = statement_of(step.migration, step.segment, refused)
                parts = divided(step.segment, found, refused.sqlstate)
                if parts:
                    return parts
                if refused.sqlstate not in _LOCKED:
                    raise failures.failed(step.migration, step.segment, refused) from None
                if attempt >= self.limits.tries:
                    raise failures.locked(
                        step.migration, step.segment, refused, holders, attempt
                    ) from None
                self.watching.retries(step.row, attempt, holders)
                self.pause(self._backoff(attempt))
            except ConnectionLost:
                raise failures.lost(step.migration) from None
            else:
                return ()

    def _together(self, step: _Step, waiting: Callable[[list[Holder]], None]) -> None:
        before = f"{step.opening} begin;\n"
        text = script(step.migration, step.segment)
        if step.last and sets_nothing(step.migration):
            after = f"{self.ledger.execute(step.migration)}; commit"
        else:
            record = self.ledger.record(step.migration, step.kind, step.segment.after, _TOOK)
            after = f"{_AS_OURSELVES} {record}; commit; {FRESH if step.last else _OURS}"
        try:
            # A line of its own: the text may end in a comment.
            self.session.script(f"{before}{text}\n;{after}", waiting)
        except Refused as refused:
            raise _within(refused, before, text) from None

    def _alone(self, step: _Step, waiting: Callable[[list[Holder]], None]) -> None:
        migration, first = step.migration, step.segment.first
        (statement,) = step.segment.statements
        entry = step.row.entry
        again = entry is not None and entry.attempting == first
        # It waits for whatever was begun before it, and keeps nobody waiting meanwhile.
        self.session.script(f"{step.opening} set lock_timeout = 0; {_OURS}")
        if not (again and concurrently.is_done(self.session, statement)):
            self.session.script(_as_ourselves(self.ledger.attempt(migration, first)))
            try:
                self.session.script(concurrently.goes_on(statement, again=again), waiting)
            except Refused as refused:
                if not (again and concurrently.was_done(statement, refused.sqlstate)):
                    concurrently.clean_up(self.session, statement)
                    self.session.script(_as_ourselves(self.ledger.refused(migration.version)))
                    raise
        self._record(migration, step.kind, step.segment.after)
        waits = f"set lock_timeout = {self._lock_ms(migration)}; {_OURS}"
        self.session.script(FRESH if step.last and not sets_nothing(migration) else waits)

    def _record(self, migration: Migration, kind: str, done: int) -> None:
        self.session.script(_as_ourselves(self.ledger.record(migration, kind, done, "0")))

    def _timeouts(self, migration: Migration) -> str:
        given = dict(migration.options).get("statement-timeout")
        statement_ms = milliseconds(given) if given else self.limits.statement_ms
        return (
            f"set lock_timeout = {self._lock_ms(migration)};"
            f" set statement_timeout = {statement_ms};"
        )

    def _lock_ms(self, migration: Migration) -> int:
        given = dict(migration.options).get("lock-timeout")
        return milliseconds(given) if given else self.limits.lock_ms

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
    done = refused.done - len(parser.split(before)) if refused.done else 0
    return Refused(refused.sqlstate, refused.message, position, done)


def _as_ourselves(statement: str) -> str:
    return f"begin; {_AS_OURSELVES} {statement}; commit"
