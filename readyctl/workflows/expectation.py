"""Builds the schema that migrations make, in a database that nobody else uses."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace

from readyctl.clients.database import DatabaseSession, Holder
from readyctl.clients.scratch import scratch
from readyctl.errors import MigrateError
from readyctl.local.shadow import shadow
from readyctl.migrate import planner
from readyctl.migrate.catalog.read import read_schema
from readyctl.migrate.examine.everything import examine
from readyctl.migrate.ledger import Ledger
from readyctl.migrate.lint.linting import lint
from readyctl.migrate.parity.ignore import LEDGER
from readyctl.migrate.planner import Row
from readyctl.migrate.runner import Runner
from readyctl.migrate.source import Source
from readyctl.model.expectation import Examination, Expectation
from readyctl.model.migration import Migration
from readyctl.model.schema import Schema
from readyctl.report.words import plural

_SHARED = re.compile(
    r"\b(?:create|alter|drop)\s+(?:role|user(?!\s+mapping)|group|tablespace)\b|\balter\s+system\b"
    r"|\b(?:create|drop|alter)\s+database\b|\bdrop\s+owned\b|\breassign\s+owned\b",
    re.IGNORECASE,
)
# What lint finds goes by this name in what was examined.
LINT = "migration-safety"
_SHARED_KINDS = {"GrantRoleStmt", "CreateSubscriptionStmt"}


def built(
    source: Source,
    live: Schema,
    where: str,
    dsn: str,
    say: Callable[[str], None],
    *,
    application_role: str = "",
) -> Expectation:
    """Return the schema that the migrations make of an empty database, and what is wrong with it.

    `where` is `embedded`, a server of its own, or `server`, the one of `dsn`.

    Raises:
        MigrateError: E0464, a file changes what the server's other databases share; E0461, no
            database can be made; otherwise see `Runner.apply`.
        LocalError: see `shadow`.
    """
    given = () if where == "server" else _given(source, live)
    with _empty(source, live, where, dsn, given=given, say=say) as empty:
        session = DatabaseSession(empty)
        try:
            say(f"Applying {plural(len(source.migrations), 'file')} to an empty database")
            _apply(session, source)
            found = read_schema(session, live.migrator)
            say("Examining what they made")
            examined = examine(session, source.migrations, application_role=application_role)
        finally:
            session.close()
    # What was there before the first file is nothing that a file makes.
    objects = {key: o for key, o in found.objects.items() if not _is_given(key, given)}
    name = f"{plural(len(source.migrations), 'file')} of {source.folder}"
    return Expectation(replace(found, objects=objects), name, examined)


def linted(source: Source) -> Examination:
    """Return what the rules for safe changes find in the files."""
    report = lint(source.migrations)
    return Examination(LINT, "files", report.flaws, report.files, report.undecided)


@contextmanager
def _empty(
    source: Source,
    live: Schema,
    where: str,
    dsn: str,
    *,
    given: Sequence[str],
    say: Callable[[str], None],
) -> Iterator[str]:
    if where == "server":
        _refuse_shared(source.migrations)
        with scratch(dsn) as made:
            yield made
    else:
        with shadow(say, database=live.database, user=live.migrator, roles=given) as made:
            yield made


def _apply(session: DatabaseSession, source: Source) -> None:
    ledger = Ledger(session, LEDGER)
    ledger.make()
    rows = planner.plan(source.migrations, ()).pending
    Runner(session, ledger, _Unwatched()).apply(rows)


def _given(source: Source, live: Schema) -> tuple[str, ...]:
    """Return the live roles that files name and none makes, such as who owns the database."""
    text = "\n".join(migration.text for migration in source.migrations)
    made = {n.strip('"') for n in re.findall(r'(?i)create\s+(?:role|user)\s+("[^"]+"|\w+)', text)}
    names = (key[5:].strip('"') for key in live.objects if key.startswith("role "))
    words = set(re.findall(r"\w+", text))
    return tuple(n for n in names if n not in made and n != "(migrator)" and n in words)


def _is_given(key: str, given: Sequence[str]) -> bool:
    return any(key in (f"role {name}", f'role "{name}"') for name in given)


def _refuse_shared(migrations: Sequence[Migration]) -> None:
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
