"""Says what stopped an apply: which statement, why, and what became of its file."""

from __future__ import annotations

from collections.abc import Sequence

from readyctl.clients.database import Holder, Refused
from readyctl.errors import MigrateError
from readyctl.migrate.parsing import Lines, without_values
from readyctl.migrate.segments import Segment, place
from readyctl.model.migration import Migration, Statement


def failed(migration: Migration, segment: Segment, refused: Refused) -> MigrateError:
    """Return the error of a file with a statement that the server refuses."""
    statement = statement_of(migration, segment, refused)
    first = without_values(statement.sql).splitlines()[0] if statement else "at COMMIT"
    kept = f"{segment.first} statements before it" if segment.first else "nothing of the file"
    return MigrateError(
        "E0431",
        f"{migration.file} cannot be applied",
        cause=f"{refused.message} (SQLSTATE {refused.sqlstate}) in: {first[:120]}",
        where=_where(migration, segment, refused),
        hint=f"{_advice(refused.sqlstate)}; {kept} was applied",
    )


def statement_of(migration: Migration, segment: Segment, refused: Refused) -> Statement | None:
    """Return the statement that was refused, None where it was not one of the file's."""
    if refused.position is not None:
        found = place(migration, segment, refused.position)
        return found[0] if found else None
    if 0 <= refused.done < len(segment.statements):
        return segment.statements[refused.done]
    return None


def _where(migration: Migration, segment: Segment, refused: Refused) -> str:
    """The file with line and column: those that the server points at, or the statement's."""
    found = None
    if refused.position is not None:
        found = place(migration, segment, refused.position)
    statement = statement_of(migration, segment, refused)
    if statement is None:
        return migration.file
    line, column = Lines(migration.text).place(found[1] if found else statement.start)
    return f"{migration.file}:{line}:{column}"


def locked(
    migration: Migration,
    segment: Segment,
    refused: Refused,
    holders: Sequence[Holder],
    attempts: int,
) -> MigrateError:
    """Return the error of a file that did not get a lock, with whoever holds it."""
    statement = statement_of(migration, segment, refused)
    who = "; ".join(f"{h.program} of {h.role}, for {h.seconds} s" for h in holders)
    return MigrateError(
        "E0432",
        f"{migration.file} waits for a lock that somebody holds",
        cause=f"{who or refused.message}; tried {attempts} times",
        where=f"{migration.file}:{statement.line}" if statement else migration.file,
        hint="let that transaction end and apply again, or give it more time: --lock-timeout",
    )


def lost(migration: Migration) -> MigrateError:
    """Return the error of a connection that ended while a file was applied."""
    return MigrateError(
        "E0433",
        "the connection to the database was lost",
        cause=f"while {migration.file} was applied: as a whole or not at all, the ledger says",
        where=migration.file,
        hint="run `readyctl migrate apply` again: it goes on where the ledger ends",
    )


def _advice(sqlstate: str) -> str:
    if sqlstate.startswith("53"):
        return "give the server what it lacks and apply again"
    if sqlstate == "42501":
        return "connect as the owner of what it changes and apply again"
    if sqlstate == "57014":
        return "give it more time, --statement-timeout, and apply again"
    return "correct it and apply again"
