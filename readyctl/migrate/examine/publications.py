"""Rule `publication-matches-subscriptions`: what is published, and what the sources listen to."""

from __future__ import annotations

from collections.abc import Collection, Iterator

from readyctl.migrate.examine.catalog import Catalog, Publication, Relation
from readyctl.migrate.examine.examination import examination
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.status import Severity

NAME = "publication-matches-subscriptions"


def examine_publications(catalog: Catalog, subscribed: Collection[str] | None) -> Examination:
    """Return what is wrong between publications and the tables that somebody subscribes to.

    `subscribed` are names of tables, in `public` where they have no schema; None is not known.
    """
    tables = catalog.tables()
    flaws = [flaw for found in catalog.publications for flaw in _published(found, tables)]
    unknown: list[Undecided] = []
    if subscribed is None:
        reason = "which tables the sources subscribe to is not known"
        unknown = [Undecided(found.name, reason) for found in catalog.publications]
    else:
        flaws += _compared(catalog, tables, {_full(name) for name in subscribed})
    decided = len(catalog.publications) - len(unknown)
    return examination(NAME, "publications", flaws, decided, unknown)


def _published(publication: Publication, tables: dict[int, Relation]) -> Iterator[Flaw]:
    if not publication.tables:
        message = f"publication {publication.name} publishes no table"
        hint = f"alter publication {publication.name} add table ..."
        yield Flaw(NAME, Severity.MEDIUM, message, publication.name, hint=hint)
    for oid in publication.tables if publication.changes else ():
        table = tables.get(oid)
        if table and table.kind == "r" and table.identity != "f" and not table.primary:
            yield Flaw(
                NAME,
                Severity.HIGH,
                f"{table.label} is published by {publication.name} and has no replica identity:"
                " its updates and deletes fail",
                object=table.label,
                hint=f"add a primary key, or alter table {table.label} replica identity full",
            )


def _compared(
    catalog: Catalog, tables: dict[int, Relation], subscribed: set[str]
) -> Iterator[Flaw]:
    published = {
        f"{tables[oid].schema}.{tables[oid].name}"
        for found in catalog.publications
        for oid in found.tables
        if oid in tables
    }
    known = {f"{table.schema}.{table.name}" for table in tables.values()}
    for name in sorted(subscribed - published):
        there = "is published by nobody" if name in known else "is no table of the database"
        message = f"the sources subscribe to {name}, which {there}"
        yield Flaw(
            NAME, Severity.HIGH, message, name, hint=f"alter publication ... add table {name}"
        )
    for name in sorted(published - subscribed):
        message = f"{name} is published, and no source subscribes to it"
        hint = f"alter publication ... drop table {name}"
        yield Flaw(NAME, Severity.LOW, message, name, hint=hint)


def _full(name: str) -> str:
    return name if "." in name else f"public.{name}"
