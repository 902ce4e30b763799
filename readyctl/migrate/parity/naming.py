"""How SQL addresses an object of each kind."""

from __future__ import annotations

import re

from readyctl.migrate.catalog.assemble import MIGRATOR
from readyctl.migrate.catalog.grants import PUBLIC
from readyctl.model.schema import SchemaObject

_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")
ON_TABLE = ("constraint", "trigger", "policy", "rule")
# Kinds whose name in SQL is another one.
_WORDS = {
    "enum": "type",
    "row type": "type",
    "window function": "function",
    "foreign-data wrapper": "foreign data wrapper",
}
_IN_GRANTS = {
    "view": "table",
    "materialized view": "table",
    "foreign table": "table",
    "enum": "type",
    "domain": "type",
    "aggregate": "function",
    "server": "foreign server",
    "foreign-data wrapper": "foreign data wrapper",
}


def identifier(name: str) -> str:
    """Return a name as SQL needs it: keywords are not known here, so only letters stay bare."""
    return name if _PLAIN.fullmatch(name) and len(name) > 2 else '"' + name.replace('"', '""') + '"'


def literal(text: str) -> str:
    """Return a text as an SQL literal, whatever standard_conforming_strings says."""
    doubled = text.replace("'", "''")
    return f"E'{doubled}'".replace("\\", "\\\\") if "\\" in text else f"'{doubled}'"


def word(kind: str) -> str:
    """Return what SQL calls a kind."""
    return _WORDS.get(kind, kind)


def role(name: str, migrator: str) -> str:
    """Return a role as SQL names it."""
    if name == PUBLIC:
        return PUBLIC
    return identifier(migrator if name == MIGRATOR else name)


def target(found: SchemaObject) -> str:
    """Return the kind and the name of an object, as ALTER and DROP take them."""
    if found.kind in ("operator", "aggregate", "function", "procedure"):
        return f"{word(found.kind)} {_callable(found.identity)}"
    return f"{word(found.kind)} {found.identity}"


def granted_on(found: SchemaObject) -> str:
    """Return the kind and the name of an object, as GRANT takes them."""
    if found.kind == "built-in grants":
        kind, _, name = found.identity.partition(" ")
        if found.identity.startswith("foreign-data wrapper "):
            kind, name = "foreign data wrapper", found.identity[21:]
        return f"{'table' if kind == 'relation' else kind} {name}"
    return f"{_IN_GRANTS.get(found.kind, word(found.kind))} {_callable(found.identity)}"


def halves(found: SchemaObject) -> tuple[str, str]:
    """Return the name of something on a table, and the table."""
    name, _, table = found.identity.rpartition(" on ")
    return name, table.removeprefix("domain ")


def column(found: SchemaObject) -> tuple[str, str]:
    """Return the relation of a column, and the column's own name, both as SQL has them."""
    relation = found.parents[0].split(" ", 1)[1] if found.parents else ""
    for kind in ("materialized view ", "foreign table "):
        if found.parents[0].startswith(kind):
            relation = found.parents[0].removeprefix(kind)
    return relation, found.identity[len(relation) + 1 :]


def _callable(identity: str) -> str:
    # regprocedure leaves no space behind commas, which SQL does not mind.
    return identity
