"""Compares two schemas object by object: pure."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from readyctl.migrate.catalog.assemble import MIGRATOR
from readyctl.migrate.catalog.grants import PREFIX
from readyctl.migrate.parity.snapshot import NOT_RECORDED, same_body
from readyctl.migrate.parity.versions import Versions
from readyctl.model.json import Json
from readyctl.model.schema import Difference, Passed, Schema, SchemaObject

CLUSTER = frozenset({"role", "membership", "parameter", "tablespace", "cluster setting"})
# Of the database itself: chosen when it is made, by nobody's migration.
_PLACE = {"encoding", "lc_collate", "lc_ctype", "locale_provider", "locale", "tablespace"}
_PLACE |= {"is_template", "no_connections"}
_BOOKS = {"newest", "of_creation", "identity_sequence"}


@dataclass(frozen=True, slots=True)
class Scope:
    """How far two databases can be held to be the same.

    `throwaway`: the expected one was made for this from migrations, so that its place and its
    cluster say nothing. `whole_cluster`: every role is compared, and not only those that the
    database names.
    """

    throwaway: bool = False
    whole_cluster: bool = False


@dataclass(frozen=True, slots=True)
class Comparison:
    """What differs, and what was not compared."""

    differences: tuple[Difference, ...]
    passed: tuple[Passed, ...] = ()
    compared: int = 0


@dataclass(slots=True)
class _Work:
    expected: Schema
    live: Schema
    scope: Scope
    versions: Versions
    bystanders: set[str]
    passed: list[Passed] = field(default_factory=list)
    missing: set[str] = field(default_factory=set)
    extra: set[str] = field(default_factory=set)
    changed: dict[str, list[Difference]] = field(default_factory=dict)


def compare(expected: Schema, live: Schema, scope: Scope) -> Comparison:
    """Return what differs, in the order of kinds and names; `repair` is left empty."""
    versions = Versions(expected.server_version, live.server_version)
    work = _Work(expected, live, scope, versions, _bystanders(expected, live))
    _sorted_out(work)
    for key, one in expected.objects.items():
        other = live.objects.get(key)
        if other is not None and one.attributes != other.attributes and _meant(work, one, other):
            found = list(_changes(work, one, other))
            if found:
                work.changed[key] = found
    differences = [*_whole(work), *_parts(work)]
    differences.sort(key=lambda d: (d.kind, d.object, d.attribute))
    passed = dict.fromkeys((*work.passed, *expected.unchecked, *live.unchecked))
    return Comparison(tuple(differences), tuple(passed), len(expected.objects))


def _sorted_out(work: _Work) -> None:
    for key in work.expected.objects.keys() ^ work.live.objects.keys():
        here = work.expected.objects.get(key)
        if here is not None and _meant(work, here, None):
            work.missing.add(key)
        elif here is None and _meant(work, None, work.live.objects[key]):
            work.extra.add(key)


def _whole(work: _Work) -> Iterator[Difference]:
    for keys, schema, word in ((work.missing, work.expected, True), (work.extra, work.live, False)):
        for key in keys:
            found = schema.objects[key]
            if not any(parent in keys for parent in found.parents) and not _implied(work, found):
                yield _whole_difference(work, found, missing=word)


def _whole_difference(work: _Work, found: SchemaObject, *, missing: bool) -> Difference:
    there = _shown(found)
    name = _named(work, found)
    return Difference(found.kind, name, "", there if missing else None, None if missing else there)


def _implied(work: _Work, found: SchemaObject) -> bool:
    return found.implied and any(
        parent in work.changed or parent in work.missing or parent in work.extra
        for parent in found.parents
    )


def _shown(found: SchemaObject) -> Json:
    for name in ("definition", "value", "type"):
        if name in found.attributes:
            return found.attributes[name]
    return "present"


def _parts(work: _Work) -> Iterator[Difference]:
    for key, found in work.changed.items():
        parents = work.expected.objects[key].parents
        # What a partition has from its parent is said once, of the parent.
        said = {
            (difference.kind, difference.attribute, str(difference.expected), str(difference.live))
            for parent in parents
            for difference in work.changed.get(parent, ())
        }
        for difference in found:
            what = (
                difference.kind,
                difference.attribute,
                str(difference.expected),
                str(difference.live),
            )
            if what not in said:
                yield difference


def _changes(work: _Work, one: SchemaObject, other: SchemaObject) -> Iterator[Difference]:
    names = dict.fromkeys((*one.attributes, *other.attributes))
    for name in names:
        expected, live = one.attributes.get(name), other.attributes.get(name)
        if expected == live or name in _BOOKS or work.versions.same(one, other, name):
            continue
        if _follows(one, other, name):
            continue
        if name == "column_order" and _same_order(expected, live):
            continue
        if NOT_RECORDED in (expected, live):
            work.passed.append(Passed(f"{name} of {one.key}", "the snapshot does not record it"))
            continue
        if name == "body" and same_body(expected, live):
            continue
        if one.kind == "database" and name in _PLACE and work.scope.throwaway:
            work.passed.append(Passed(f"{name} of the database", "no migration chooses it"))
            continue
        yield Difference(one.kind, _named(work, one), name, expected, live)


def _follows(one: SchemaObject, other: SchemaObject, name: str) -> bool:
    """Whether an attribute differs because another one does, which says more."""
    both = (one.attributes, other.attributes)
    if one.kind == "column" and name.startswith("sequence "):
        return any("identity_column" not in attributes for attributes in both)
    if one.kind == "sequence" and name == "owner":
        # Who owns the column owns its sequence.
        return len({"owned_by" in attributes for attributes in both}) > 1
    return False


def _same_order(expected: Json, live: Json) -> bool:
    if not isinstance(expected, list) or not isinstance(live, list):
        return True
    common = set(expected) & set(live)
    return [n for n in expected if n in common] == [n for n in live if n in common]


def _named(work: _Work, found: SchemaObject) -> str:
    """Return an object's name; the database has one on each side, and the live one is meant."""
    return found.identity.replace("this database", work.live.database, 1)


def _meant(work: _Work, expected: SchemaObject | None, live: SchemaObject | None) -> bool:
    one = expected or live
    if expected is None and live is not None and work.scope.throwaway and _of_platform(live):
        work.passed.append(Passed(live.key, "the platform grants it to its own roles"))
        return False
    if one is None or one.kind not in CLUSTER or work.scope.whole_cluster:
        return True
    if work.scope.throwaway and (MIGRATOR in one.identity or expected is None):
        # Who migrates is no part of the schema; nor are roles that no migration makes.
        reason = "no migration makes it"
    elif one.attributes.get("of_creation") and work.versions.older < 16:
        reason = "PostgreSQL 16 and newer grant it to who makes a role"
    elif _bystander(work, one):
        reason = "nothing in the database names it"
    else:
        return True
    work.passed.append(Passed(one.key, reason))
    return False


def _of_platform(found: SchemaObject) -> bool:
    grantees = [name.removeprefix(PREFIX).partition(" by ")[0] for name in found.attributes]
    return found.kind == "built-in grants" and all(n.startswith("rds") for n in grantees)


def _bystander(work: _Work, found: SchemaObject) -> bool:
    if found.kind == "tablespace":
        return False
    return any(name in work.bystanders for name in _roles(found))


def _bystanders(*schemas: Schema) -> set[str]:
    """Return the roles that no side names, whether or not each has them."""
    named: set[str] = set()
    for schema in schemas:
        roles = {o.identity.strip('"') for o in schema.objects.values() if o.kind == "role"}
        named |= roles - schema.bystanders
    return {name for schema in schemas for name in schema.bystanders} - named


def _roles(found: SchemaObject) -> tuple[str, ...]:
    if found.kind == "membership":
        return tuple(found.identity.split(" to ", 1))
    return (found.identity.rpartition(" of role ")[2].strip('"'),)
