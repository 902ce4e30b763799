"""Makes objects of the rows of each query, where there is more to it than to copy them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from readyctl.migrate.catalog import values
from readyctl.migrate.catalog.assembly import (
    MIGRATOR,
    Address,
    Assembly,
    Draft,
    Row,
    add_object,
    add_owner,
)
from readyctl.migrate.catalog.grants import PUBLIC
from readyctl.migrate.catalog.query import Query
from readyctl.model.json import Json
from readyctl.model.schema import Passed

# What initdb grants on the information schema, which pg_init_privs does not say.
_OF_INITDB: Sequence[Mapping[str, Json]] = (
    {"grants to public": ["SELECT"]},
    {"grants to public": ["USAGE"]},
)


def _of_type(assembly: Assembly, query: Query, row: Row) -> None:
    # The constructors and casts of a range come and go with it.
    draft = add_object(assembly, query, row)
    if draft:
        draft.implied = bool(row["parent"])


def _member(assembly: Assembly, _: Query, row: Row) -> None:
    address: Address = (row["member_catalog"], row["member"], 0)
    if row["how"] == "e":
        assembly.left_out.add(address)
        assembly.members[row["extension"]] += 1
    else:
        assembly.depends.setdefault(address, []).append(row["extension"])


def _role(assembly: Assembly, query: Query, row: Row) -> None:
    name = row.pop("name")
    assembly.role_names[row["oid"]] = name
    # Predefined roles are the server's.
    if row["oid"] >= 16384 or row["oid"] == 10:
        if name == assembly.migrator:
            row["identity"] = MIGRATOR
        add_object(assembly, query, row)


def _membership(assembly: Assembly, query: Query, row: Row) -> None:
    granted, member = row["granted"], row["member"]
    assembly.memberships.append((granted, member))
    names = (MIGRATOR if name == assembly.migrator else name for name in (granted, member))
    given = ("admin", "inherit", "set", "of_creation")
    attributes: dict[str, Json] = {name: True for name in given if row.get(name)}
    draft = Draft(query.kind, " to ".join(names), attributes, [])
    assembly.add(assembly.fresh(), draft)


def _settings(assembly: Assembly, _: Query, row: Row) -> None:
    role = row["role"]
    if role and not row["of_cluster"]:
        assembly.named.add(role)
    called = assembly.names.get(role, role)
    whose = f"role {called}" if role else "every role"
    kind = "cluster setting" if row["of_cluster"] else "setting"
    if not row["of_cluster"]:
        whose = f"{whose} in this database" if role else "this database"
    for entry in row["settings"]:
        name, value = values.setting(entry)
        assembly.add(assembly.fresh(), Draft(kind, f"{name} of {whose}", {"value": value}, []))


def _default_privileges(assembly: Assembly, query: Query, row: Row) -> None:
    place = f" in schema {row['schema']}" if row["schema"] else ""
    row["identity"] = f"of {assembly.called(row['role'])}{place} on {row['objects']}"
    for name in ("role", "schema", "objects"):
        del row[name]
    add_object(assembly, query, row)


def _built_in(assembly: Assembly, query: Query, row: Row) -> None:
    initial: dict[str, Json] = {}
    now: dict[str, Json] = {}
    add_owner(assembly, {**row, "acl": row["initial"]}, initial)
    add_owner(assembly, row, now)
    # What somebody has changed since; an empty list is what was taken away.
    names = dict.fromkeys((*now, *initial))
    changed = {name: now.get(name, []) for name in names if now.get(name) != initial.get(name)}
    if changed in _OF_INITDB and "information_schema" in row["identity"]:
        return
    if changed:
        # Its own address is one that extensions leave out.
        assembly.add(assembly.fresh(), Draft(query.kind, row["identity"], changed, []))


def _schema_row(assembly: Assembly, query: Query, row: Row) -> None:
    if row["kind"] == "schema":
        add_object(assembly, query, row)
    else:
        assembly.temporary.add(row["oid"])


def _database(assembly: Assembly, query: Query, row: Row) -> None:
    assembly.version = row.pop("version")
    assembly.database = row["identity"]
    row["identity"] = "this database"
    del row["bootstrap"], row["reader"]
    add_object(assembly, query, row)


def _relation(assembly: Assembly, query: Query, row: Row) -> None:
    draft = add_object(assembly, query, row)
    if draft and row["inherits"]:
        names = [name.removesuffix(" (detaching)") for name in row["inherits"]]
        assembly.inherits[draft.identity] = names


def _column(assembly: Assembly, query: Query, row: Row) -> None:
    relation = row.pop("relation")
    draft = add_object(assembly, query, row)
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


def _constraint(assembly: Assembly, query: Query, row: Row) -> None:
    row["parent_in"] = "pg_type" if row["kind"] == "domain constraint" else "pg_class"
    draft = add_object(assembly, query, row)
    if draft and row["inherited"]:
        name, _, relation = draft.identity.rpartition(" on ")
        parents = assembly.inherits.get(relation, ())
        draft.parents += [f"constraint {name} on {parent}" for parent in parents]


def _index(assembly: Assembly, query: Query, row: Row) -> None:
    constraint = row.pop("constraint_oid")
    draft = add_object(assembly, query, row)
    if draft and constraint:
        draft.parents.append(("pg_constraint", constraint, 0))
        draft.implied = True


def _sequence(assembly: Assembly, query: Query, row: Row) -> None:
    owner: Address = ("pg_class", row.pop("column_oid") or 0, row.pop("column_sub") or 0)
    given = values.sequence(row)
    column = assembly.drafts.get(owner)
    type_ = row.pop("type")
    for name in ("start", "increment", "minimum", "maximum", "cache", "cycle"):
        del row[name]
    of_identity = row.pop("of_identity")
    if owner in assembly.left_out:
        assembly.left_out.add(("pg_class", row["oid"], 0))
    draft = add_object(assembly, query, row)
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


def _policy(assembly: Assembly, query: Query, row: Row) -> None:
    oids = row.pop("role_oids")
    row["roles"] = sorted(
        assembly.called(assembly.role_names.get(oid, str(oid))) if oid else PUBLIC for oid in oids
    )
    add_object(assembly, query, row)


def _extension(assembly: Assembly, query: Query, row: Row) -> None:
    row["newest"] = row["version"] == row.pop("default_version")
    assembly.own_comments[row["oid"]] = row.pop("own_comment")
    add_object(assembly, query, row)


def _mapping(assembly: Assembly, query: Query, row: Row) -> None:
    row["identity"] = f"{assembly.called(row.pop('role'))} on {row.pop('server')}"
    if row.pop("options_hidden"):
        reason = "only its owner and the owner of its server may read them, or it has none"
        assembly.unchecked.append(Passed(f"options of user mapping {row['identity']}", reason))
    add_object(assembly, query, row)


def _comment(assembly: Assembly, _: Query, row: Row) -> None:
    if row["of_catalog"] == "pg_extension" and (
        assembly.own_comments.get(row["oid"]) == row["comment"]
    ):
        # An extension brings it along, and each version may bring another.
        return
    _note(assembly, row, "comment", row["comment"])


def _label(assembly: Assembly, _: Query, row: Row) -> None:
    _note(assembly, row, f"security label of {row['provider']}", row["label"])


def _note(assembly: Assembly, row: Row, name: str, text: str) -> None:
    address: Address = (row["of_catalog"], row["oid"], row["sub"])
    draft = assembly.drafts.get(address)
    whole: Address = (row["of_catalog"], row["oid"], 0)
    if draft:
        draft.attributes[name] = text
    elif row["oid"] >= 16384 and not {address, whole} & assembly.left_out:
        what = f"{name} on an object of {row['of_catalog']}"
        assembly.unchecked.append(Passed(what, "the object is not compared"))


def _unknown(assembly: Assembly, _: Query, row: Row) -> None:
    count = "" if row["number"] is None else f"{row['number']} "
    assembly.unchecked.append(Passed(f"{count}{row['what']}", "readyctl does not know them"))


def _tablespace(assembly: Assembly, query: Query, row: Row) -> None:
    if row["oid"] >= 16384:
        add_object(assembly, query, row)


SHAPES: Mapping[str, Callable[[Assembly, Query, Row], object]] = {
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
