"""Joins the rows of the catalogs to objects: pure, whatever the rows come from."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from readyctl.migrate.catalog import access, relations, routines, surroundings
from readyctl.migrate.catalog.assembly import MIGRATOR, Assembly, Row, add_object
from readyctl.migrate.catalog.query import Query
from readyctl.migrate.catalog.shapes import SHAPES
from readyctl.model.schema import Passed, Schema, SchemaObject

__all__ = ["MIGRATOR", "QUERIES", "assemble"]

# What later rows hang on comes first.
_ORDER = (
    surroundings.EXTENSION_MEMBERS,
    access.ROLES,
    access.DATABASE,
    access.MEMBERSHIPS,
    access.PARAMETERS,
    access.TABLESPACES,
    access.SETTINGS,
    access.DEFAULT_PRIVILEGES,
    access.BUILT_IN,
    relations.SCHEMAS,
    routines.TYPES,
    *(query for query in routines.QUERIES if query.name != "types"),
    relations.RELATIONS,
    relations.COLUMNS,
    relations.CONSTRAINTS,
    relations.INDEXES,
    relations.SEQUENCES,
    relations.TRIGGERS,
    relations.RULES,
    relations.POLICIES,
    relations.STATISTICS,
    *(query for query in surroundings.QUERIES if query.name != "extension members"),
)
QUERIES: Sequence[Query] = _ORDER


def assemble(answers: Mapping[str, Sequence[Row]], migrator: str = "") -> Schema:
    """Return the schema that the rows of every query, by its name, make up.

    `migrator` is the role that is to be called so and not by its name.
    """
    assembly = Assembly(migrator)
    for query in _ORDER:
        shape = SHAPES.get(query.name, add_object)
        for row in answers[query.name]:
            shape(assembly, query, row)
    return _schema(assembly)


def _schema(assembly: Assembly) -> Schema:
    drafts = assembly.drafts
    keys = {address: f"{draft.kind} {draft.identity}" for address, draft in drafts.items()}
    objects = {}
    for address, draft in drafts.items():
        parents = tuple(
            parent if isinstance(parent, str) else keys.get(parent, "") for parent in draft.parents
        )
        objects[keys[address]] = SchemaObject(
            draft.kind, draft.identity, draft.attributes, parents, draft.implied
        )
    return Schema(
        assembly.version,
        assembly.database,
        objects,
        assembly.migrator,
        frozenset(assembly.role_names.values()) - _closure(assembly),
        tuple(assembly.unchecked),
        tuple(_ignored(assembly)),
    )


def _closure(assembly: Assembly) -> set[str]:
    named, grown = set(assembly.named), True
    while grown:
        found = {granted for granted, member in assembly.memberships if member in named}
        grown = not found <= named
        named |= found
    return named


def _ignored(assembly: Assembly) -> Iterator[Passed]:
    for extension, count in sorted(assembly.members.items()):
        yield Passed(f"{count} objects of extension {extension}", "the extension makes them")
    if assembly.temporary:
        yield Passed(f"{len(assembly.temporary)} temporary schemas", "they end with a session")
