"""Applies migrations to a database that is thrown away, and tells what it must not have done."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from readyctl.clients.database import DatabaseSession, Holder
from readyctl.errors import MigrateError
from readyctl.migrate import planner
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.parity.ignore import LEDGER
from readyctl.migrate.planner import Row
from readyctl.migrate.runner import Runner
from readyctl.model.migration import Migration
from readyctl.model.schema import Schema

_SHARED = re.compile(
    r"\b(?:create|alter|drop)\s+(?:role|user(?!\s+mapping)|group|tablespace)\b|\balter\s+system\b"
    r"|\b(?:create|drop|alter)\s+database\b|\bdrop\s+owned\b|\breassign\s+owned\b",
    re.IGNORECASE,
)
_SHARED_KINDS = {"GrantRoleStmt", "CreateSubscriptionStmt"}


def apply_all(session: DatabaseSession, migrations: Sequence[Migration]) -> None:
    """Apply every file; nobody watches.

    Raises:
        MigrateError: see `Runner.apply`.
    """
    ledger = Ledger(session, LEDGER)
    ledger.make()
    rows = planner.plan(migrations, ()).pending
    Runner(session, ledger, _Unwatched()).apply(rows)


def roles_given(migrations: Sequence[Migration], live: Schema) -> tuple[str, ...]:
    """Return the live roles that files name and none makes, such as who owns the database."""
    text = "\n".join(migration.text for migration in migrations)
    made = {n.strip('"') for n in re.findall(r'(?i)create\s+(?:role|user)\s+("[^"]+"|\w+)', text)}
    names = (key[5:].strip('"') for key in live.objects if key.startswith("role "))
    words = set(re.findall(r"\w+", text))
    return tuple(n for n in names if n not in made and n != "(migrator)" and n in words)


def without_given(schema: Schema, given: Sequence[str]) -> Schema:
    """Return a schema without roles that were there before the first file: no file makes them."""
    objects = {key: o for key, o in schema.objects.items() if not _is_given(key, given)}
    return replace(schema, objects=objects)


def _is_given(key: str, given: Sequence[str]) -> bool:
    return any(key in (f"role {name}", f'role "{name}"') for name in given)


def refuse_shared(migrations: Sequence[Migration]) -> None:
    """Stop where files change what all databases of a server share.

    Raises:
        MigrateError: E0464, names the first statement.
    """
    for migration in migrations:
        for statement in migration.statements:
            if statement.kind in _SHARED_KINDS or _SHARED.search(statement.sql):
                raise MigrateError(
                    "E0464",
                    "the files cannot be applied beside the live database",
                    cause="a statement changes what all databases of the server share",
                    where=f"{migration.file}:{statement.line}",
                    hint="build it on a server of its own: --shadow embedded",
                )


class _Unwatched:
    """Nobody watches a database that is thrown away."""

    def began(self, row: Row, number: int, total: int) -> None:
        """A file begins."""

    def waits(self, holders: Sequence[Holder]) -> None:
        """Somebody holds a lock."""

    def retries(self, row: Row, attempt: int, holders: Sequence[Holder]) -> None:
        """A file is tried again."""

    def ended(self, row: Row, seconds: float, notices: Sequence[str]) -> None:
        """A file is applied."""
