"""What the files have made up to a statement: tables with columns, and other named objects."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from pglast import ast
from pglast.enums import AlterTableType, ObjectType

from readyctl.migrate.examine.definitions import Definition, add_column, constraint, kind_of
from readyctl.migrate.examine.nodes import Tree, words

Key = tuple[str, str, str]
_KINDS = {
    ObjectType.OBJECT_TABLE: "table",
    ObjectType.OBJECT_VIEW: "view",
    ObjectType.OBJECT_MATVIEW: "materialized view",
    ObjectType.OBJECT_INDEX: "index",
    ObjectType.OBJECT_SEQUENCE: "sequence",
    ObjectType.OBJECT_TYPE: "type",
    ObjectType.OBJECT_DOMAIN: "type",
    ObjectType.OBJECT_POLICY: "policy",
    ObjectType.OBJECT_TRIGGER: "trigger",
}


class History:
    """The objects that exist after the statements so far; a schema that is not named is public."""

    def __init__(self) -> None:
        self.objects: dict[Key, Definition] = {}
        self.functions: dict[tuple[str, str], dict[str, Definition]] = {}

    def follow(self, node: Tree, place: str) -> None:
        """Take in a statement that changes, renames, moves or drops what there is."""
        step = _STEPS.get(type(node))
        if step:
            step(self, node, place)

    def alter(self, node: Tree, _: str) -> None:
        """ALTER TABLE."""
        found = self.objects.get(key("table", node.relation))
        if found:
            for command in node.cmds or ():
                _altered(found, command)

    def rename(self, node: Tree, _: str) -> None:
        """RENAME of an object, or of a column of a table."""
        if node.renameType == ObjectType.OBJECT_COLUMN and node.relation is not None:
            found = self.objects.get(key("table", node.relation))
            if found and node.subname in found.columns:
                renamed = {node.subname: str(node.newname)}
                found.columns = {renamed.get(n, n): kind for n, kind in found.columns.items()}
            return
        kind = _KINDS.get(node.renameType, "")
        old = self._named(kind, node)
        if old in self.objects:
            self.objects[(kind, old[1], str(node.newname))] = self.objects.pop(old)

    def move(self, node: Tree, _: str) -> None:
        """SET SCHEMA."""
        kind = _KINDS.get(node.objectType, "")
        old = self._named(kind, node)
        if old in self.objects:
            self.objects[(kind, str(node.newschema), old[2])] = self.objects.pop(old)

    def drop(self, node: Tree, _: str) -> None:
        """DROP of whatever it is."""
        for dropped in node.objects or ():
            if node.removeType in (ObjectType.OBJECT_FUNCTION, ObjectType.OBJECT_PROCEDURE):
                self._drop_function(dropped)
            elif node.removeType == ObjectType.OBJECT_SCHEMA:
                self._drop_schema(str(dropped.sval))
            else:
                names = words(dropped) or words(getattr(dropped, "names", None))
                self._drop(_KINDS.get(node.removeType, ""), names)

    def add_value(self, node: Tree, _: str) -> None:
        """ALTER TYPE ... ADD VALUE."""
        found = self.objects.get(("type", *_pair(words(node.typeName))))
        if found and node.newVal and not node.oldVal:
            found.columns[str(node.newVal)] = "a value"

    def _named(self, kind: str, node: Tree) -> Key:
        if node.relation is not None:
            if kind in ("policy", "trigger"):
                return kind, _on(node.relation), str(getattr(node, "subname", ""))
            return key(kind, node.relation)
        names = words(node.object) or words(getattr(node.object, "names", None))
        return (kind, *_pair(names))

    def _drop(self, kind: str, names: tuple[str, ...]) -> None:
        if kind in ("policy", "trigger") and len(names) > 1:
            schema, table = _pair(names[:-1])
            self.objects.pop((kind, f"{schema}.{table}", names[-1]), None)
            return
        pair = _pair(names)
        self.objects.pop((kind, *pair), None)
        if kind == "table":
            on = ".".join(pair)
            self.objects = {k: d for k, d in self.objects.items() if d.on != on}

    def _drop_schema(self, schema: str) -> None:
        self.objects = {k: d for k, d in self.objects.items() if k[1] != schema}
        self.functions = {k: d for k, d in self.functions.items() if k[0] != schema}

    def _drop_function(self, dropped: Tree) -> None:
        overloads = self.functions.get(_pair(words(dropped.objname)), {})
        if dropped.args_unspecified:
            overloads.clear()
        else:
            given = ", ".join(spelled(kind) for kind in dropped.objargs or ())
            overloads.pop(given, None)


def key(kind: str, relation: Tree) -> Key:
    """Return what a relation is known as."""
    return kind, str(relation.schemaname or "public"), str(relation.relname)


def spelled(kind: Tree) -> str:
    """Return a type in one spelling."""
    return kind_of(ast.ColumnDef(typeName=kind))


def pair(names: object) -> tuple[str, str]:
    """Return schema and name of a dotted name."""
    return _pair(words(names))


def _pair(names: tuple[str, ...]) -> tuple[str, str]:
    return ("public" if len(names) < 2 else names[-2]), (names[-1] if names else "")


def _on(relation: Tree) -> str:
    return f"{relation.schemaname or 'public'}.{relation.relname}"


def _altered(found: Definition, command: Tree) -> None:
    match command.subtype:
        case AlterTableType.AT_AddColumn:
            if str(command.def_.colname) not in found.columns:
                add_column(found, command.def_)
        case AlterTableType.AT_DropColumn:
            found.columns.pop(str(command.name), None)
        case AlterTableType.AT_AlterColumnType:
            found.columns[str(command.name)] = kind_of(command.def_)
        case AlterTableType.AT_AddConstraint:
            found.constraints.add(constraint(command.def_))
        case AlterTableType.AT_SetNotNull:
            found.constraints.add(f"{command.name}: not null on {command.name}")
        case AlterTableType.AT_DropNotNull:
            found.constraints.discard(f"{command.name}: not null on {command.name}")


_STEPS: Mapping[type[ast.Node], Callable[[History, Tree, str], None]] = {
    ast.AlterTableStmt: History.alter,
    ast.RenameStmt: History.rename,
    ast.AlterObjectSchemaStmt: History.move,
    ast.DropStmt: History.drop,
    ast.AlterEnumStmt: History.add_value,
}
