"""Reads which locks each statement of a migration really takes, on a scratch database."""

from __future__ import annotations

from collections.abc import Collection, Sequence

from readyctl.clients.database import DatabaseSession, Refused
from readyctl.errors import MigrateError
from readyctl.migrate.runner import FRESH
from readyctl.migrate.segments import Segment, script, segments
from readyctl.model.lock import MODES, TakenLock
from readyctl.model.migration import Migration, Statement

# What every statement that reads or writes rows takes; nothing but a change of the schema waits.
_HARMLESS = MODES[:3]


def taken(
    session: DatabaseSession, migrations: Sequence[Migration], watched: Collection[str]
) -> tuple[TakenLock, ...]:
    """Apply all migrations to a scratch database; return the locks of the `watched` versions.

    A lock counts on tables, views and indexes that were there before the file ran, beyond what
    reading and writing rows takes. Nothing of the scratch database is worth keeping afterwards:
    what a file made stays for the next one, no ledger is written.

    Raises:
        MigrateError: E0473, the server refuses a statement; E0421, a file rolls back.
        SourceFailure, ConnectionLost: there is no connection, or it ended.
    """
    found: list[TakenLock] = []
    for migration in migrations:
        if migration.version in watched:
            found += _watched(session, migration)
        else:
            for segment in segments(migration):
                _run(session, migration, segment, FRESH)
    return tuple(found)


def _watched(session: DatabaseSession, migration: Migration) -> list[TakenLock]:
    before = _relations(session)
    found: list[TakenLock] = []
    for segment in segments(migration):
        if segment.alone:
            _run(session, migration, segment, FRESH)
            found.append(_lock(migration, segment.statements[0], "", ""))
            continue
        session.script(f"{FRESH} begin")
        held: dict[int, str] = {}
        for statement in segment.statements:
            _execute(session, migration, statement, statement.sql)
            found += _new(session, migration, statement, before, held)
        _execute(session, migration, segment.statements[-1], "commit")
    return found


def _relations(session: DatabaseSession) -> dict[int, str]:
    rows = session.query(
        "select c.oid::bigint, quote_ident(n.nspname) || '.' || quote_ident(c.relname)"
        " from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace"
        " where n.nspname not in ('pg_catalog', 'information_schema', 'pg_toast')"
        " and c.relkind in ('r', 'p', 'v', 'm', 'i', 'I', 'f', 'S')"
    )
    return {int(oid): str(name).removeprefix("public.") for oid, name in rows}


def _new(
    session: DatabaseSession,
    migration: Migration,
    statement: Statement,
    before: dict[int, str],
    held: dict[int, str],
) -> list[TakenLock]:
    """Return what a statement locks more strongly than those before it; `held` is kept up."""
    rows = session.query(
        "select relation::bigint, mode from pg_locks"
        " where locktype = 'relation' and granted and pid = pg_backend_pid()"
        " and database = (select oid from pg_database where datname = current_database())"
    )
    strongest: dict[int, str] = {}
    for relation, mode in rows:
        strongest[relation] = max(strongest.get(relation, mode), mode, key=MODES.index)
    found = []
    for relation, mode in sorted(strongest.items(), key=lambda entry: before.get(entry[0], "")):
        stronger = MODES.index(mode) > MODES.index(held.get(relation, MODES[0]))
        held[relation] = mode
        if stronger and mode not in _HARMLESS and relation in before:
            found.append(_lock(migration, statement, before[relation], mode))
    return found


def _lock(migration: Migration, statement: Statement, relation: str, mode: str) -> TakenLock:
    first = " ".join(statement.sql.split())[:60]
    return TakenLock(migration.file, statement.line, statement.column, first, relation, mode)


def _run(session: DatabaseSession, migration: Migration, segment: Segment, before: str) -> None:
    text = script(migration, segment)
    if segment.alone:
        session.script(before)
    else:
        text = f"{before} begin;\n{text}\n;commit"
    _execute(session, migration, segment.statements[0], text)


def _execute(
    session: DatabaseSession, migration: Migration, statement: Statement, text: str
) -> None:
    try:
        session.script(text)
    except Refused as refused:
        session.script("rollback")
        raise MigrateError(
            "E0473",
            f"{migration.file} does not run on the scratch database",
            cause=f"{refused.message} (SQLSTATE {refused.sqlstate})",
            where=f"{migration.file}:{statement.line}:{statement.column}",
            hint="correct it; `readyctl migrate convert` where it was written for Supabase",
        ) from None
