"""Statements that make something: tables, views, types, schemas, roles, extensions."""

from __future__ import annotations

from collections.abc import Callable

from readyctl.migrate.steps import Reader, Tree, Verb, relation_name, sequences, strings
from readyctl.migrate.things import Kind


def _table(reader: Reader, tree: Tree) -> None:
    relation = tree["relation"]
    if tree.get("if_not_exists"):
        reader.step(Verb.UNLESS, Kind.TABLE, relation_name(relation))
    # Made first: its own foreign keys may point to it.
    name = reader.make_relation(relation)
    columns = tree.get("tableElts", ())
    for sequence in sequences(name, columns):
        reader.make(Kind.TABLE, sequence)
    reader.walk([part for key, part in tree.items() if key != "relation"])


def _foreign_table(reader: Reader, tree: Tree) -> None:
    _table(reader, tree["base"])


def _view(reader: Reader, tree: Tree) -> None:
    reader.walk(tree["query"])
    reader.make_relation(tree["view"])


def _table_as(reader: Reader, tree: Tree) -> None:
    relation = tree["into"]["rel"]
    if tree.get("if_not_exists"):
        reader.step(Verb.UNLESS, Kind.TABLE, relation_name(relation))
    reader.walk(tree["query"])
    reader.make_relation(relation)


def _sequence(reader: Reader, tree: Tree) -> None:
    reader.make_relation(tree["sequence"])


def _composite(reader: Reader, tree: Tree) -> None:
    reader.walk(tree.get("coldeflist", []))
    reader.make(Kind.TYPE, relation_name(tree["typevar"]))


def _type(reader: Reader, tree: Tree) -> None:
    reader.make(Kind.TYPE, strings(tree["typeName"]))


def _domain(reader: Reader, tree: Tree) -> None:
    reader.walk(tree.get("typeName", {}))
    reader.walk(tree.get("constraints", []))
    reader.make(Kind.TYPE, strings(tree["domainname"]))


def _define(reader: Reader, tree: Tree) -> None:
    kinds = {"OBJECT_AGGREGATE": Kind.FUNCTION, "OBJECT_TYPE": Kind.TYPE}
    if tree["kind"] in kinds:
        reader.make(kinds[tree["kind"]], strings(tree["defnames"]))


def _schema(reader: Reader, tree: Tree) -> None:
    reader.walk(tree.get("authrole", {}))
    name = tree.get("schemaname") or tree.get("authrole", {}).get("rolename")
    if not name:
        return
    reader.make(Kind.SCHEMA, (name,))
    for element in tree.get("schemaElts", ()):
        ((kind, below),) = element.items()
        relation = below.get("relation") or below.get("view")
        if relation:
            relation.setdefault("schemaname", name)
        if kind in MAKING:
            MAKING[kind](reader, below)


def _role(reader: Reader, tree: Tree) -> None:
    reader.make(Kind.ROLE, (tree["role"],))


def _extension(reader: Reader, tree: Tree) -> None:
    reader.make(Kind.EXTENSION, (tree["extname"],))


def _altered_table(reader: Reader, tree: Tree) -> None:
    if tree.get("objtype") == "OBJECT_INDEX" or tree.get("missing_ok"):
        return
    reader.walk(tree)
    name = relation_name(tree["relation"])
    columns = [command["AlterTableCmd"].get("def", {}) for command in tree.get("cmds", ())]
    for sequence in sequences(name, columns):
        reader.make(Kind.TABLE, sequence)


MAKING: dict[str, Callable[[Reader, Tree], None]] = {
    "CreateStmt": _table,
    "CreateForeignTableStmt": _foreign_table,
    "ViewStmt": _view,
    "CreateTableAsStmt": _table_as,
    "CreateSeqStmt": _sequence,
    "CompositeTypeStmt": _composite,
    "CreateEnumStmt": _type,
    "CreateRangeStmt": _type,
    "CreateDomainStmt": _domain,
    "DefineStmt": _define,
    "CreateSchemaStmt": _schema,
    "CreateRoleStmt": _role,
    "CreateExtensionStmt": _extension,
    "AlterTableStmt": _altered_table,
}
