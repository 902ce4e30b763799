"""Rule `definer-search-path`: SECURITY DEFINER routines in which others say what a name means."""

from __future__ import annotations

import re
from collections.abc import Iterator

from readyctl.migrate.examine.catalog import Catalog, Routine
from readyctl.migrate.examine.examination import examination
from readyctl.migrate.examine.places import Places
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.status import Severity

NAME = "definer-search-path"
_PART = re.compile(r'"((?:[^"]|"")*)"|([^,\s"]+)')


def examine_definers(catalog: Catalog, places: Places) -> Examination:
    """Return the security definer routines whose search_path is the caller's, or open to others."""
    definers = [routine for routine in catalog.routines if routine.definer]
    # A body that is parsed when it is made looks nothing up when it runs.
    flaws = [
        flaw
        for routine in definers
        if not routine.atomic
        for flaw in _flaws(routine, catalog, places)
    ]
    return examination(NAME, "security definer routines", flaws, len(definers))


def _flaws(routine: Routine, catalog: Catalog, places: Places) -> Iterator[Flaw]:
    path = routine.setting("search_path")
    if path is None:
        message = f"{routine.signature} is SECURITY DEFINER and has the search_path of its caller"
        yield _flaw(routine, places, Severity.HIGH, message)
        return
    schemas = [quoted.replace('""', '"') or bare for quoted, bare in _PART.findall(path)]
    for schema in catalog.schemas:
        others = _creators(routine, catalog, schema.name) if schema.name in schemas else []
        if others:
            who = ", ".join(others)
            message = f"{routine.signature} looks into {schema.name}, where {who} may create"
            yield _flaw(routine, places, Severity.HIGH, message)
    if "pg_temp" in schemas[:-1]:
        message = f"{routine.signature} looks into temporary tables before other schemas"
        yield _flaw(routine, places, Severity.MEDIUM, message)


def _creators(routine: Routine, catalog: Catalog, name: str) -> list[str]:
    supers = {role.name for role in catalog.roles if role.superuser}
    own = {routine.owner, "pg_database_owner"} | supers
    return sorted(
        {
            creator
            for schema in catalog.schemas
            if schema.name == name
            for creator in schema.creators
        }
        - own
    )


def _flaw(routine: Routine, places: Places, severity: Severity, message: str) -> Flaw:
    file, line = places.of(routine, 1)
    kind = "procedure" if routine.kind == "p" else "function"
    hint = f"alter {kind} {routine.signature} set search_path = pg_catalog, pg_temp, and qualify"
    return Flaw(NAME, severity, message, routine.signature, file, line, hint=f"{hint} its names")
