"""Builds the schema that migrations make, in a database that nobody else uses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager

from readyctl.clients.database import ConnectionLost, DatabaseSession, Refused
from readyctl.clients.scratch import scratch
from readyctl.local.postgres import DATABASE
from readyctl.local.shadow import shadow
from readyctl.migrate.catalog.read import read_schema
from readyctl.migrate.examine.everything import examine
from readyctl.migrate.lint.linting import lint
from readyctl.migrate.source import Source
from readyctl.migrate.throwaway import (
    apply_all,
    refuse_shared,
    roles_given,
    without_given,
)
from readyctl.model.expectation import Examination, Expectation
from readyctl.model.flawreport import Undecided
from readyctl.model.schema import Schema
from readyctl.report.words import plural

# Stands for the live database where there is none. Who migrates is nobody else: what the server
# itself owns is not what files make.
NO_DATABASE = Schema(0, DATABASE, {}, migrator="migrator")
# What lint finds goes by this name in what was examined.
LINT = "migration-safety"


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
    given = () if where == "server" else roles_given(source.migrations, live)
    with _empty(source, live, where, dsn, given=given, say=say) as empty:
        session = DatabaseSession(empty)
        try:
            say(f"Applying {plural(len(source.migrations), 'file')} to an empty database")
            apply_all(session, source.migrations)
            found = read_schema(session, live.migrator)
            say("Examining what they made")
            examined = _examined(session, source, application_role)
        finally:
            session.close()
    name = f"{plural(len(source.migrations), 'file')} of {source.folder}"
    return Expectation(without_given(found, given), name, examined)


def linted(source: Source) -> Examination:
    """Return what the rules for safe changes find in the files."""
    report = lint(source.migrations)
    return Examination(LINT, "files", report.flaws, report.files, report.undecided)


def _examined(session: DatabaseSession, source: Source, role: str) -> tuple[Examination, ...]:
    try:
        return examine(session, source.migrations, application_role=role)
    except (Refused, ConnectionLost) as error:
        # The comparison stands without it; what was not examined is open, and never passed.
        unknown = Undecided("everything", f"the server refused a query: {error}")
        return (Examination("examinations", "objects", undecided=(unknown,)),)


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
        refuse_shared(source.migrations)
        with scratch(dsn) as made:
            yield made
    else:
        with shadow(say, database=live.database, user=live.migrator, roles=given) as made:
            yield made
