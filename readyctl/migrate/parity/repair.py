"""Chooses the SQL that makes the live object as it is expected: pure."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from readyctl.migrate.catalog.grants import OWNER, PREFIX, PUBLIC
from readyctl.migrate.parity.altering import altered, labels_sql, policy_to
from readyctl.migrate.parity.creating import children, created, destroys, dropped, identity_sql
from readyctl.migrate.parity.granting import (
    comment_sql,
    default_privileges_sql,
    grant_sql,
    owner_sql,
)
from readyctl.migrate.parity.naming import column, identifier
from readyctl.model.json import Json
from readyctl.model.schema import Difference, Schema, SchemaObject

# Attributes that CREATE says; all others are given afterwards.
_SAID = {"definition", "type", "collation", "default", "generated", "not_null", "language", "body"}
_SAID |= {"using", "check", "roles", "command", "restrictive", "column_order", "arguments"}
_SAID |= {"result", "version", "schema", "newest", "base_type", "labels", "variant", "inherits"}
_SAID |= {"partition_key", "partition_bound", "of_type", "columns", "rows", "publishes", "value"}
_SAID |= {"identity_sequence", "identity_column", "access_method", "unlogged", "configuration"}
_SAID |= {"inherited", "local_too", "via_root", "function", "event", "tags", "context", "method"}
_SAID |= {"not_relocatable", "attached_to", "unpopulated", "admin", "inherit", "set"}
_SAID |= {"strict", "security_definer", "leakproof", "parallel", "volatility", "support"}
_SAID |= {"minimum", "maximum", "increment", "cache", "cycle", "start", "cost"}
# What is on a table is made after it, in this order.
_ON_TABLE = ("column", "constraint", "index", "trigger", "rule", "policy", "statistics")
# Other attributes of these can be had by making the object anew, and nothing is lost with it.
_ANEW: tuple[str, ...] = (
    "constraint",
    "domain constraint",
    "index",
    "trigger",
    "rule",
    "policy",
    "statistics",
)
_ANEW += ("materialized view", "function", "procedure", "event trigger", "cast")
_ANEW += ("publication table",)
_GRANTABLE: tuple[str, ...] = (
    "table",
    "view",
    "materialized view",
    "sequence",
    "function",
    "procedure",
    "schema",
)
_GRANTABLE += ("enum", "type", "domain")
# In this order things are made, and in the reverse order they are dropped.
_ORDER: tuple[str, ...] = (
    "role",
    "tablespace",
    "membership",
    "schema",
    "extension",
    "collation",
    "enum",
    "type",
)
_ORDER += ("domain", "sequence", "function", "procedure", "aggregate", "operator", "cast")
_ORDER += ("transform", "access method", "table", "column", "attribute", "view")
_ORDER += ("materialized view", "constraint", "index", "statistics", "rule", "trigger", "policy")
_REPLACED = ("body", "definition", "language", "support")


def repaired(difference: Difference, expected: Schema, live: Schema) -> Difference:
    """Return a difference with its repair, empty where that is work by hand."""
    identity = difference.object
    if difference.kind in ("database", "setting"):
        identity = identity.replace(live.database, "this database", 1)
    repair = _repair(difference, f"{difference.kind} {identity}", expected, live)
    gone = difference.expected is None and not difference.attribute
    lost = gone and destroys(SchemaObject(difference.kind, identity))
    return replace(difference, repair=repair, destroys=lost and bool(repair))


def ordered(differences: Sequence[Difference]) -> list[Difference]:
    """Return differences in an order in which their repairs can run: what is dropped comes last."""

    def rank(difference: Difference) -> tuple[int, int]:
        kind = difference.kind
        place = _ORDER.index(kind) if kind in _ORDER else len(_ORDER)
        gone = difference.expected is None and not difference.attribute
        whole = not difference.attribute
        return (2, -place) if gone else (0 if whole else 1, place)

    return sorted(differences, key=rank)


def _repair(difference: Difference, key: str, expected: Schema, live: Schema) -> str:
    wanted, there = expected.objects.get(key), live.objects.get(key)
    if wanted is None:
        return _removed(there, live) if there else ""
    if there is None:
        return _made(wanted, expected, live)
    pair = _Pair(wanted, there, expected, live)
    return pair.attribute(difference.attribute, difference.expected)


def _removed(there: SchemaObject, live: Schema) -> str:
    if there.kind == "default privileges":
        return default_privileges_sql(there, live.migrator, usual=True)
    if there.kind == "role" and there.identity.strip('"') not in live.bystanders:
        # What it owns, and what it may, has to go somewhere first.
        return ""
    if there.kind in ("setting", "cluster setting"):
        return altered(there, "value", None, live, live.database)
    return dropped(there, live.migrator)


def _made(wanted: SchemaObject, expected: Schema, live: Schema) -> str:
    if wanted.kind in ("setting", "cluster setting"):
        return altered(wanted, "value", wanted.attributes["value"], live, live.database)
    if wanted.kind == "default privileges":
        return default_privileges_sql(wanted, live.migrator, usual=False)
    text = created(wanted, expected)
    if not text:
        return ""
    lines = [text, *_ungranted(wanted, live), *_afterwards(wanted, expected, live)]
    for kind in _ON_TABLE if wanted.kind in ("table", "materialized view", "view") else ():
        for child in children(expected, wanted, kind):
            # What comes with the table, or from its parent, is there already.
            there = kind == "column" or child.implied or len(child.parents) > 1
            more = _afterwards(child, expected, live)
            lines.append("\n".join(more) if there else _made(child, expected, live))
    return "\n".join(line for line in lines if line)


def _afterwards(wanted: SchemaObject, expected: Schema, live: Schema) -> Iterator[str]:
    """Yield what an object needs that CREATE does not say."""
    pair = _Pair(wanted, wanted, expected, live)
    for name, value in wanted.attributes.items():
        said = name in _SAID or (wanted.kind == "view" and name.startswith("option "))
        if not said and not name.startswith("sequence "):
            yield pair.attribute(name, value)


def _ungranted(wanted: SchemaObject, live: Schema) -> Iterator[str]:
    """Yield what takes away what default privileges give to a new object."""
    defaults = [o for o in live.objects.values() if o.kind == "default privileges"]
    names = {name for o in defaults for name in o.attributes if name.startswith(PREFIX)}
    if wanted.kind in _GRANTABLE:
        for name in sorted(names - wanted.attributes.keys()):
            if name not in (f"{PREFIX}{OWNER}", f"{PREFIX}{PUBLIC}"):
                yield grant_sql(wanted, name, None, "", live.migrator)


@dataclass(frozen=True, slots=True)
class _Pair:
    """An object as it is expected and as it is, each in its schema."""

    wanted: SchemaObject
    there: SchemaObject
    expected: Schema
    live: Schema

    def attribute(self, name: str, value: Json) -> str:
        """Return what gives the live object an attribute."""
        wanted, migrator = self._addressed(), self.live.migrator
        if name == "owner":
            return owner_sql(wanted, value, migrator)
        if name == "comment":
            return comment_sql(wanted, value)
        if name.startswith(PREFIX):
            owner = str(self.wanted.attributes.get("owner", ""))
            owner = owner or _holder(self.wanted, self.expected)
            return grant_sql(wanted, name, value, owner, migrator)
        if wanted.kind == "extension" and name == "version":
            return "" if _older(value, self.there.attributes[name]) else self._other(name, value)
        return self._other(name, value)

    def _addressed(self) -> SchemaObject:
        if self.wanted.kind != "database":
            return self.wanted
        return replace(self.wanted, identity=identifier(self.live.database))

    def _other(self, name: str, value: Json) -> str:
        wanted, live = self.wanted, self.live
        if name == "labels":
            return labels_sql(wanted, self.there)
        if name == "roles" and wanted.kind == "policy":
            return policy_to(wanted, live)
        if name == "connection_limit" and wanted.kind == "database":
            limit = -1 if value is None else value
            return f"alter database {self._addressed().identity} connection limit {limit};"
        if name == "identity_column" and value is not None and name not in self.there.attributes:
            table, own = column(wanted)
            return f"alter table {table} alter column {own} add {identity_sql(wanted)};"
        return altered(wanted, name, value, live, live.database) or self._anew(name)

    def _anew(self, name: str) -> str:
        wanted = self.wanted
        if wanted.kind == "view" or (
            wanted.kind in ("function", "procedure") and name in _REPLACED
        ):
            return created(wanted, self.expected)
        whole = wanted.implied or len(wanted.parents) > 1
        if self.there is wanted or wanted.kind not in _ANEW or whole:
            return ""
        made = _made(wanted, self.expected, self.live)
        gone = dropped(self.there, self.live.migrator)
        return f"{gone}\n{made}" if made and gone else ""


def _older(one: Json, other: Json) -> bool:
    numbers = [[int(n) for n in re.findall(r"\d+", str(version))] for version in (one, other)]
    return numbers[0] < numbers[1]


def _holder(wanted: SchemaObject, expected: Schema) -> str:
    if wanted.kind == "default privileges":
        whose = wanted.identity.removeprefix("of ").rpartition(" on ")[0]
        return whose.partition(" in schema ")[0]
    for parent in wanted.parents:
        found = expected.objects.get(parent)
        if found:
            return str(found.attributes.get("owner", "")) or _holder(found, expected)
    return ""
