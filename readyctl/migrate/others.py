"""Ledgers of other tools: which there are, and which files they say were applied."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePosixPath

from readyctl.clients.database import DatabaseSession, Refused
from readyctl.clients.sqlwriting import quoted
from readyctl.errors import MigrateError
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.planner import Row
from readyctl.migrate.versions import order

# What another tool calls its ledger, and a query of what was applied: versions, names of files, or
# nothing where it keeps neither.
_TOOLS = {
    "supabase_migrations.schema_migrations": ("Supabase", "select version from {}"),
    "public.schema_migrations": ("dbmate, or Rails", "select version from {}"),
    "public.flyway_schema_history": (
        "Flyway",
        "select version from {} where success and version is not null",
    ),
    "public._prisma_migrations": (
        "Prisma",
        "select migration_name from {} where finished_at is not null and rolled_back_at is null",
    ),
    "public.pgmigrations": ("node-pg-migrate", "select name from {}"),
    "public._yoyo_migration": ("yoyo", "select migration_id from {}"),
    "public.alembic_version": ("Alembic", ""),
    "graphile_migrate.migrations": ("graphile-migrate", ""),
    "sqitch.changes": ("Sqitch", ""),
}
_NAMED = re.compile(r"[Vv]?(\d+)[_. -]")


@dataclass(frozen=True, slots=True)
class Other:
    """Another tool's ledger; `applied` are versions or names, None where it does not say any."""

    table: str
    tool: str
    applied: tuple[str, ...] | None

    def has(self, row: Row) -> bool:
        """Return whether it says that a file was applied."""
        path = PurePosixPath(row.file)
        stem = path.parent.name or path.stem
        return any(_same(entry, row.version, stem) for entry in self.applied or ())


def others(session: DatabaseSession, ledger: Ledger) -> tuple[Other, ...]:
    """Return the ledgers of other tools in a database."""
    rows = session.query(
        "select n.nspname || '.' || c.relname from pg_class c"
        " join pg_namespace n on n.oid = c.relnamespace"
        " where c.relkind = 'r' and n.nspname || '.' || c.relname = any(%s)"
        " and (n.nspname, c.relname) <> (%s, %s) order by 1",
        [list(_TOOLS), ledger.schema, ledger.name],
    )
    return tuple(_read(session, str(table)) for (table,) in rows)


def taken_over(pending: Sequence[Row], found: Sequence[Other]) -> tuple[Row, ...]:
    """Return the files that another tool's ledger says were applied.

    Raises:
        MigrateError: E0438, no ledger says that of any file.
    """
    rows = tuple(row for row in pending if any(other.has(row) for other in found))
    if not rows:
        raise MigrateError(
            "E0438",
            "no other ledger says which of these files were applied",
            cause="; ".join(map(_silence, found)) or "there is no ledger of another tool",
            where=", ".join(other.table for other in found),
            hint="name the last version that the database has: readyctl migrate baseline VERSION",
        )
    return rows


def refuse_others(found: Sequence[Other]) -> None:
    """Stop before migrations of another tool are applied again.

    Raises:
        MigrateError: E0427, there is a ledger of another tool.
    """
    if not found:
        return
    other = found[0]
    counted = None if other.applied is None else len(other.applied)
    raise MigrateError(
        "E0427",
        f"{other.tool} has applied migrations here",
        cause=f"{counted} are in its ledger, and none in readyctl's"
        if counted is not None
        else "it has a ledger, and readyctl has none",
        where=other.table,
        hint=f"readyctl migrate baseline {'VERSION' if counted is None else '--from-ledger'}",
    )


def _read(session: DatabaseSession, table: str) -> Other:
    tool, query = _TOOLS[table]
    if not query:
        return Other(table, tool, None)
    name = ".".join(map(quoted, table.split(".")))
    try:
        rows = session.query(query.format(name))
    except Refused:
        return Other(table, tool, None)
    return Other(table, tool, tuple(str(entry) for (entry,) in rows))


def _same(entry: str, version: str, stem: str) -> bool:
    if entry in (version, stem, f"{stem}.sql"):
        return True
    if re.fullmatch(r"[\d._]+", entry):
        return order(entry) == order(version)
    named = _NAMED.match(entry)
    # Of two tools that name files alike only the number in front is the same.
    return bool(named) and order(named[1]) == order(version) if named else False


def _silence(other: Other) -> str:
    if other.applied is None:
        return f"{other.tool} does not say it, or its ledger cannot be read"
    return f"of the {len(other.applied)} in the ledger of {other.tool}, no file is pending here"
