"""Runs every examination of a schema: the one entrance for those who only want the results."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace

from readyctl.clients.database import DatabaseSession
from readyctl.migrate.examine.catalog import read_catalog
from readyctl.migrate.examine.definers import examine_definers
from readyctl.migrate.examine.effective import examine_effective
from readyctl.migrate.examine.extensions import examine_extensions
from readyctl.migrate.examine.places import Places
from readyctl.migrate.examine.policies import (
    examine_enabled,
    examine_permissive,
    examine_recursive,
)
from readyctl.migrate.examine.publications import examine_publications
from readyctl.migrate.examine.routines import examine_routines
from readyctl.migrate.examine.shadowed import examine_shadowed
from readyctl.migrate.examine.triggers import NAME as TRIGGERS
from readyctl.migrate.examine.triggers import RAISED, examine_triggers
from readyctl.model.expectation import Examination
from readyctl.model.flawreport import Undecided
from readyctl.model.migration import Migration


def examine(
    session: DatabaseSession,
    migrations: Sequence[Migration] = (),
    *,
    application_role: str = "",
    subscribed: Collection[str] | None = None,
    execute_triggers: bool = True,
) -> tuple[Examination, ...]:
    """Return every examination of a schema that its files applied to; nothing is left changed.

    `execute_triggers` is for a database that nobody uses: see `examine_triggers`.

    Raises:
        Refused, SourceFailure, ConnectionLost: see `DatabaseSession.query`.
    """
    catalog = read_catalog(session)
    places = Places(migrations)
    triggers = (
        examine_triggers(session, catalog, places)
        if execute_triggers
        else Examination(
            TRIGGERS,
            "tables with triggers",
            undecided=(Undecided("triggers", "they are fired only in a database of their own"),),
        )
    )
    routines = examine_routines(session, catalog, places)
    return (
        examine_shadowed(migrations),
        routines,
        settled(triggers, routines),
        examine_permissive(catalog),
        examine_enabled(catalog),
        examine_effective(catalog, application_role),
        examine_recursive(catalog),
        examine_definers(catalog, places),
        examine_publications(catalog, subscribed),
        examine_extensions(catalog, migrations),
    )


def settled(triggers: Examination, routines: Examination) -> Examination:
    """Return the examination of triggers, with those decided that refuse a row on purpose.

    Such a trigger works as far as it came. What is behind its RAISE is sound only where every
    routine could be looked at, and none has a flaw.
    """
    if routines.flaws or routines.undecided:
        return triggers
    unknown = tuple(entry for entry in triggers.undecided if RAISED not in entry.why)
    tables = {entry.what for entry in triggers.undecided} - {entry.what for entry in unknown}
    return replace(triggers, decided=triggers.decided + len(tables), undecided=unknown)
