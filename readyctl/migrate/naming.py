"""Statements about something that has a name already: dropped, renamed, moved, granted, owned."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from readyctl.migrate.steps import Reader, Tree, Verb, options, relation_name, strings
from readyctl.migrate.things import Kind

# Indexes are left out: PostgreSQL makes many of them by itself, under names of its own.
_KINDS = {
    **dict.fromkeys(
        (
            *("OBJECT_TABLE", "OBJECT_VIEW", "OBJECT_MATVIEW", "OBJECT_SEQUENCE"),
            "OBJECT_FOREIGN_TABLE",
        ),
        Kind.TABLE,
    ),
    **dict.fromkeys(
        ("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE", "OBJECT_AGGREGATE"),
        Kind.FUNCTION,
    ),
    **dict.fromkeys(("OBJECT_TYPE", "OBJECT_DOMAIN"), Kind.TYPE),
    "OBJECT_SCHEMA": Kind.SCHEMA,
    "OBJECT_ROLE": Kind.ROLE,
}
# They have a name of their own behind that of their table.
_OF_TABLE = {
    *("OBJECT_COLUMN", "OBJECT_POLICY", "OBJECT_TRIGGER", "OBJECT_RULE", "OBJECT_TABCONSTRAINT"),
}


def _name(node: Any) -> tuple[str, ...]:
    """The name in a node, in whichever of their forms it is."""
    if "objname" in node:
        return strings(node["objname"])
    if "names" in node:
        return strings(node["names"])
    if "items" in node:
        return strings(node["items"])
    if "sval" in node:
        return (node["sval"],)
    inner = next((node[key] for key in _FORMS if key in node), None)
    return _name(inner) if inner else ()


_FORMS = ("ObjectWithArgs", "TypeName", "List", "String")


def _what(kind: str, node: Any) -> tuple[Kind, tuple[str, ...]] | None:
    """What must be there of an object of a statement, None where it is not looked at."""
    name = _name(node)
    if kind in _OF_TABLE:
        return (Kind.TABLE, name[:-1]) if len(name) > 1 else None
    return (_KINDS[kind], name) if kind in _KINDS and name else None


def _drop(reader: Reader, tree: Tree) -> None:
    kind = tree["removeType"]
    for node in tree["objects"]:
        found = _what(kind, node)
        if found is None:
            continue
        if not tree.get("missing_ok"):
            reader.need(*found)
        # Of a function one of several of its name is dropped: the others stay.
        if kind not in _OF_TABLE and found[0] is not Kind.FUNCTION:
            reader.step(Verb.DROP, *found)


def _drop_role(reader: Reader, tree: Tree) -> None:
    for node in tree["roles"]:
        name = (node["RoleSpec"].get("rolename", ""),)
        if not tree.get("missing_ok"):
            reader.need(Kind.ROLE, name)
        reader.step(Verb.DROP, Kind.ROLE, name)


def _rename(reader: Reader, tree: Tree) -> None:
    kind = tree["renameType"]
    if kind == "OBJECT_INDEX" or tree.get("missing_ok"):
        return
    old = _renamed(tree)
    if old is None:
        return
    reader.need(*old)
    if kind == "OBJECT_SCHEMA":
        reader.step(Verb.RENAME, Kind.SCHEMA, (*old[1], tree["newname"]))
    elif kind in _KINDS:
        reader.step(Verb.DROP, *old)
        reader.step(Verb.MAKE, old[0], (*old[1][:-1], tree["newname"]))


def _renamed(tree: Tree) -> tuple[Kind, tuple[str, ...]] | None:
    if "relation" in tree:
        return Kind.TABLE, relation_name(tree["relation"])
    if tree["renameType"] in ("OBJECT_SCHEMA", "OBJECT_ROLE"):
        return _KINDS[tree["renameType"]], (tree["subname"],)
    return _what(tree["renameType"], tree.get("object", {}))


def _move(reader: Reader, tree: Tree) -> None:
    old = (
        (Kind.TABLE, relation_name(tree["relation"]))
        if "relation" in tree
        else _what(tree["objectType"], tree.get("object", {}))
    )
    if old is None or tree.get("missing_ok"):
        return
    reader.need(*old)
    reader.step(Verb.DROP, *old)
    reader.make(old[0], (tree["newschema"], old[1][-1]))


def _comment(reader: Reader, tree: Tree) -> None:
    found = _what(tree["objtype"], tree.get("object", {}))
    if found:
        reader.need(*found)


def _owner(reader: Reader, tree: Tree) -> None:
    found = _what(tree["objectType"], tree.get("object", {}))
    if found:
        reader.need(*found)
    reader.walk(tree.get("newowner", {}))


def _grant(reader: Reader, tree: Tree) -> None:
    reader.walk(tree.get("grantees", []))
    kind = tree["objtype"]
    if tree["targtype"] == "ACL_TARGET_ALL_IN_SCHEMA":
        kind = "OBJECT_SCHEMA"
    for node in tree.get("objects", ()):
        found = _what(kind, node)
        if "RangeVar" in node:
            reader.walk(node)
        elif found:
            reader.need(*found)


def _grant_role(reader: Reader, tree: Tree) -> None:
    for node in tree.get("granted_roles", ()):
        reader.need(Kind.ROLE, (node["AccessPriv"]["priv_name"],))
    reader.walk(tree.get("grantee_roles", []))


def _default_privileges(reader: Reader, tree: Tree) -> None:
    given = options(tree.get("options", ()))
    for name in strings(given.get("schemas", {}).get("List", {}).get("items", ())):
        reader.need(Kind.SCHEMA, (name,))
    reader.walk(given.get("roles", {}))
    reader.walk(tree["action"].get("grantees", []))


def _altered(key: str, kind: Kind) -> Callable[[Reader, Tree], None]:
    def handler(reader: Reader, tree: Tree) -> None:
        node = tree[key]
        name: Sequence[str] = strings(node) if isinstance(node, list) else _name(node)
        reader.need(kind, name)

    return handler


def _altered_sequence(reader: Reader, tree: Tree) -> None:
    if not tree.get("missing_ok"):
        reader.walk(tree["sequence"])


NAMING: dict[str, Callable[[Reader, Tree], None]] = {
    "DropStmt": _drop,
    "DropRoleStmt": _drop_role,
    "RenameStmt": _rename,
    "AlterObjectSchemaStmt": _move,
    "CommentStmt": _comment,
    "AlterOwnerStmt": _owner,
    "GrantStmt": _grant,
    "GrantRoleStmt": _grant_role,
    "AlterDefaultPrivilegesStmt": _default_privileges,
    "AlterEnumStmt": _altered("typeName", Kind.TYPE),
    "AlterDomainStmt": _altered("typeName", Kind.TYPE),
    "AlterFunctionStmt": _altered("func", Kind.FUNCTION),
    "AlterSeqStmt": _altered_sequence,
}
