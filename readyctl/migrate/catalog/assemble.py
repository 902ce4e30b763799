"""Joins the rows of the catalogs to objects: pure, whatever the rows come from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from readyctl.migrate.catalog import access, relations, routines, surroundings, values
from readyctl.migrate.catalog.grants import PUBLIC, grants, roles_of
from readyctl.migrate.catalog.query import Query
from readyctl.model.json import Json
from readyctl.model.schema import Passed, Schema, SchemaObject

Row: TypeAlias = "dict[str, Any]"
Address: TypeAlias = "tuple[str, int, int]"
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
MIGRATOR = "(migrator)"
# Names of columns that are no attributes.
_MEANING = {"oid", "sub", "kind", "identity", "parent", "parent_in", "namespace", "owner", "holder"}
_MEANING |= {"acl", "stems_from", "options", "toast_options", "foreign_options", "inherited"}
# What initdb grants on the information schema, which pg_init_privs does not say.
_OF_INITDB: Sequence[Mapping[str, Json]] = (
    {"grants to public": ["SELECT"]},
    {"grants to public": ["USAGE"]},
)
_NOTHING: tuple[object, ...] = (None, False, "", [])


@dataclass(slots=True)
class _Draft:
    kind: str
    identity: str
    attributes: dict[str, Json]
    parents: list[Address | str]
    implied: bool = False


@dataclass(slots=True)
class _Assembly:
    """What is known so far; rows of each query find what they hang on in the ones before."""

    migrator: str
    drafts: dict[Address, _Draft] = field(default_factory=dict)
    left_out: set[Address] = field(default_factory=set)
    role_names: dict[int, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    members: Counter[str] = field(default_factory=Counter)
    depends: dict[Address, list[str]] = field(default_factory=dict)
    temporary: set[int] = field(default_factory=set)
    inherits: dict[str, list[str]] = field(default_factory=dict)
    own_comments: dict[int, str | None] = field(default_factory=dict)
    memberships: list[tuple[str, str]] = field(default_factory=list)
    unchecked: list[Passed] = field(default_factory=list)
    version: int = 0
    database: str = ""
    counter: int = 0

    @property
    def names(self) -> Mapping[str, str]:
        """What roles are called that are not called by their name."""
        return {self.migrator: MIGRATOR} if self.migrator else {}

    def called(self, role: str) -> str:
        """Return what a role is called, and note that the database names it."""
        self.named.add(role)
        return MIGRATOR if role == self.migrator and role else role

    def fresh(self) -> Address:
        """Return an address of something that has no oid of its own."""
        self.counter += 1
        return "", self.counter, 0

    def add(self, address: Address, draft: _Draft) -> None:
        """Keep an object."""
        self.drafts[address] = draft


def assemble(answers: Mapping[str, Sequence[Row]], migrator: str = "") -> Schema:
    """Return the schema that the rows of every query, by its name, make up.

    `migrator` is the role that is to be called so and not by its name.
    """
    assembly = _Assembly(migrator)
    for query in _ORDER:
        shape = _SHAPES.get(query.name, _object)
        for row in answers[query.name]:
            shape(assembly, query, row)
    return _schema(assembly)


def _schema(assembly: _Assembly) -> Schema:
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


def _closure(assembly: _Assembly) -> set[str]:
    named, grown = set(assembly.named), True
    while grown:
        found = {granted for granted, member in assembly.memberships if member in named}
        grown = not found <= named
        named |= found
    return named


def _ignored(assembly: _Assembly) -> Iterator[Passed]:
    for extension, count in sorted(assembly.members.items()):
        yield Passed(f"{count} objects of extension {extension}", "the extension makes them")
    if assembly.temporary:
        yield Passed(f"{len(assembly.temporary)} temporary schemas", "they end with a session")


def _object(assembly: _Assembly, query: Query, row: Row) -> _Draft | None:
    address: Address = (query.catalog, row["oid"], row.get("sub", 0))
    parents: list[Address | str] = []
    parent = row.get("parent")
    if parent:
        above: Address = (row.get("parent_in") or query.parent_in, parent, 0)
        if above not in assembly.drafts:
            assembly.left_out.add(address)
            return None
        parents.append(above)
    if address in assembly.left_out or row.get("namespace") in assembly.temporary:
        assembly.left_out.add(address)
        return None
    if row.get("stems_from"):
        parents.append((query.catalog, row["stems_from"], 0))
    attributes: dict[str, Json] = {
        name: value for name, value in row.items() if name not in _MEANING and value not in _NOTHING
    }
    _owned(assembly, row, attributes)
    _optional(row, attributes)
    if address in assembly.depends:
        attributes["depends_on_extension"] = sorted(assembly.depends[address])
    draft = _Draft(row.get("kind") or query.kind, row["identity"], attributes, parents)
    assembly.add(address, draft)
    return draft


def _owned(assembly: _Assembly, row: Row, attributes: dict[str, Json]) -> None:
    owner = row.get("owner")
    if owner:
        attributes["owner"] = assembly.called(assembly.role_names.get(owner, str(owner)))
    acl = row.get("acl")
    if acl:
        holder = assembly.role_names.get(row.get("holder") or owner or 0, "")
        assembly.named |= roles_of(acl)
        attributes.update(grants(acl, holder, assembly.names))


def _optional(row: Row, attributes: dict[str, Json]) -> None:
    if row.get("options"):
        attributes.update(values.options("option", row["options"]))
    if row.get("toast_options"):
        attributes.update(values.options("option", (f"toast.{o}" for o in row["toast_options"])))
    if row.get("foreign_options"):
        attributes.update(values.options("foreign option", row["foreign_options"]))


def _of_type(assembly: _Assembly, query: Query, row: Row) -> None:
    # The constructors and casts of a range come and go with it.
    draft = _object(assembly, query, row)
    if draft:
        draft.implied = bool(row["parent"])


def _member(assembly: _Assembly, _: Query, row: Row) -> None:
    address: Address = (row["member_catalog"], row["member"], 0)
    if row["how"] == "e":
        assembly.left_out.add(address)
        assembly.members[row["extension"]] += 1
    else:
        assembly.depends.setdefault(address, []).append(row["extension"])


def _role(assembly: _Assembly, query: Query, row: Row) -> None:
    name = row.pop("name")
    assembly.role_names[row["oid"]] = name
    # Predefined roles are the server's.
    if row["oid"] >= 16384 or row["oid"] == 10:
        if name == assembly.migrator:
            row["identity"] = MIGRATOR
        _object(assembly, query, row)


def _membership(assembly: _Assembly, query: Query, row: Row) -> None:
    granted, member = row["granted"], row["member"]
    assembly.memberships.append((granted, member))
    names = (MIGRATOR if name == assembly.migrator else name for name in (granted, member))
    given = ("admin", "inherit", "set", "of_creation")
    attributes: dict[str, Json] = {name: True for name in given if row.get(name)}
    draft = _Draft(query.kind, " to ".join(names), attributes, [])
    assembly.add(assembly.fresh(), draft)


def _settings(assembly: _Assembly, _: Query, row: Row) -> None:
    role = row["role"]
    whose = f"role {assembly.called(role)}" if role else "every role"
    kind = "cluster setting" if row["of_cluster"] else "setting"
    if not row["of_cluster"]:
        whose = f"{whose} in this database" if role else "this database"
    for entry in row["settings"]:
        name, value = values.setting(entry)
        assembly.add(assembly.fresh(), _Draft(kind, f"{name} of {whose}", {"value": value}, []))


def _default_privileges(assembly: _Assembly, query: Query, row: Row) -> None:
    place = f" in schema {row['schema']}" if row["schema"] else ""
    row["identity"] = f"of {assembly.called(row['role'])}{place} on {row['objects']}"
    for name in ("role", "schema", "objects"):
        del row[name]
    _object(assembly, query, row)


def _built_in(assembly: _Assembly, query: Query, row: Row) -> None:
    attributes: dict[str, Json] = {}
    _owned(assembly, row, attributes)
    if attributes in _OF_INITDB and "information_schema" in row["identity"]:
        return
    # Its own address is one that extensions leave out.
    assembly.add(assembly.fresh(), _Draft(query.kind, row["identity"], attributes, []))


def _schema_row(assembly: _Assembly, query: Query, row: Row) -> None:
    if row["kind"] == "schema":
        _object(assembly, query, row)
    else:
        assembly.temporary.add(row["oid"])


def _database(assembly: _Assembly, query: Query, row: Row) -> None:
    assembly.version = row.pop("version")
    assembly.database = row["identity"]
    row["identity"] = "this database"
    del row["bootstrap"], row["reader"]
    _object(assembly, query, row)


def _relation(assembly: _Assembly, query: Query, row: Row) -> None:
    draft = _object(assembly, query, row)
    if draft and row["inherits"]:
        names = [name.removesuffix(" (detaching)") for name in row["inherits"]]
        assembly.inherits[draft.identity] = names


def _column(assembly: _Assembly, query: Query, row: Row) -> None:
    relation = row.pop("relation")
    draft = _object(assembly, query, row)
    if draft is None:
        return
    if row["inherited"]:
        suffix = draft.identity[len(relation) :]
        draft.parents += [f"column {name}{suffix}" for name in assembly.inherits.get(relation, ())]
    above = assembly.drafts[(row["parent_in"], row["parent"], 0)]
    if "of_type" in above.attributes:
        draft.parents.append(
            f"attribute {above.attributes['of_type']}{draft.identity[len(relation) :]}"
        )
    order = above.attributes.setdefault("column_order", [])
    if isinstance(order, list):
        order.append(draft.identity[len(relation) + 1 :])


def _constraint(assembly: _Assembly, query: Query, row: Row) -> None:
    row["parent_in"] = "pg_type" if row["kind"] == "domain constraint" else "pg_class"
    draft = _object(assembly, query, row)
    if draft and row["inherited"]:
        name, _, relation = draft.identity.rpartition(" on ")
        parents = assembly.inherits.get(relation, ())
        draft.parents += [f"constraint {name} on {parent}" for parent in parents]


def _index(assembly: _Assembly, query: Query, row: Row) -> None:
    constraint = row.pop("constraint_oid")
    draft = _object(assembly, query, row)
    if draft and constraint:
        draft.parents.append(("pg_constraint", constraint, 0))
        draft.implied = True


def _sequence(assembly: _Assembly, query: Query, row: Row) -> None:
    owner: Address = ("pg_class", row.pop("column_oid") or 0, row.pop("column_sub") or 0)
    given = values.sequence(row)
    column = assembly.drafts.get(owner)
    type_ = row.pop("type")
    for name in ("start", "increment", "minimum", "maximum", "cache", "cycle"):
        del row[name]
    of_identity = row.pop("of_identity")
    if owner in assembly.left_out:
        assembly.left_out.add(("pg_class", row["oid"], 0))
    draft = _object(assembly, query, row)
    if draft is None:
        return
    if of_identity and column:
        if type_ != column.attributes["type"]:
            given["type"] = type_
        column.attributes |= {f"sequence {draft.identity} {n}": v for n, v in given.items()}
        column.attributes["identity_sequence"] = draft.identity
        draft.parents.append(owner)
        draft.implied = True
        return
    draft.attributes.update(given | ({"type": type_} if type_ != "bigint" else {}))
    if column:
        draft.parents.append(owner)


def _policy(assembly: _Assembly, query: Query, row: Row) -> None:
    oids = row.pop("role_oids")
    row["roles"] = sorted(
        assembly.called(assembly.role_names.get(oid, str(oid))) if oid else PUBLIC for oid in oids
    )
    _object(assembly, query, row)


def _extension(assembly: _Assembly, query: Query, row: Row) -> None:
    row["newest"] = row["version"] == row.pop("default_version")
    assembly.own_comments[row["oid"]] = row.pop("own_comment")
    _object(assembly, query, row)


def _mapping(assembly: _Assembly, query: Query, row: Row) -> None:
    row["identity"] = f"{assembly.called(row.pop('role'))} on {row.pop('server')}"
    if row.pop("options_hidden"):
        reason = "only its owner and the owner of its server may read them, or it has none"
        assembly.unchecked.append(Passed(f"options of user mapping {row['identity']}", reason))
    _object(assembly, query, row)


def _comment(assembly: _Assembly, _: Query, row: Row) -> None:
    if row["of_catalog"] == "pg_extension" and (
        assembly.own_comments.get(row["oid"]) == row["comment"]
    ):
        # An extension brings it along, and each version may bring another.
        return
    _note(assembly, row, "comment", row["comment"])


def _label(assembly: _Assembly, _: Query, row: Row) -> None:
    _note(assembly, row, f"security label of {row['provider']}", row["label"])


def _note(assembly: _Assembly, row: Row, name: str, text: str) -> None:
    address: Address = (row["of_catalog"], row["oid"], row["sub"])
    draft = assembly.drafts.get(address)
    whole: Address = (row["of_catalog"], row["oid"], 0)
    if draft:
        draft.attributes[name] = text
    elif address not in assembly.left_out and whole not in assembly.left_out:
        if row["oid"] >= 16384:
            what = f"{name} on an object of {row['of_catalog']}"
            assembly.unchecked.append(Passed(what, "the object is not compared"))


def _unknown(assembly: _Assembly, _: Query, row: Row) -> None:
    count = "" if row["number"] is None else f"{row['number']} "
    assembly.unchecked.append(Passed(f"{count}{row['what']}", "readyctl does not know them"))


def _tablespace(assembly: _Assembly, query: Query, row: Row) -> None:
    if row["oid"] >= 16384:
        _object(assembly, query, row)


_SHAPES: Mapping[str, Callable[[_Assembly, Query, Row], object]] = {
    "extension members": _member,
    "routines": _of_type,
    "casts": _of_type,
    "roles": _role,
    "memberships": _membership,
    "tablespaces": _tablespace,
    "settings": _settings,
    "default privileges": _default_privileges,
    "built-in grants": _built_in,
    "database": _database,
    "schemas": _schema_row,
    "relations": _relation,
    "columns": _column,
    "constraints": _constraint,
    "indexes": _index,
    "sequences": _sequence,
    "policies": _policy,
    "extensions": _extension,
    "user mappings": _mapping,
    "comments": _comment,
    "security labels": _label,
    "unknown": _unknown,
}
