"""What CREATE TABLE, ALTER TABLE and CREATE INDEX make of a table's columns and keys."""

from __future__ import annotations

from readyctl.migrate.lint.nodes import relation, type_name, words
from readyctl.migrate.lint.schema import Column, ForeignKey, Index, Table
from readyctl.migrate.lint.step import Step, Tree

_SERIAL = {"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"}


def column(table: Table, tree: Tree, step: Step) -> None:
    """Add a column with its constraints."""
    name = str(tree["colname"])
    kind = type_name(tree.get("typeName"))
    table.columns[name] = made = Column(kind, own=kind in _SERIAL)
    for entry in tree.get("constraints", ()):
        found = entry["Constraint"]
        if found.get("contype") == "CONSTR_IDENTITY":
            made.own = True
        elif found.get("contype") in ("CONSTR_NOTNULL", "CONSTR_PRIMARY"):
            made.not_null = True
        constraint(table, found, step, name)


def constraint(table: Table, tree: Tree, step: Step, of: str = "") -> None:
    """Add a constraint of the table, or of the column `of`."""
    kind = tree.get("contype")
    columns = (of,) if of else words(tree.get("keys"))
    name = str(tree.get("conname", ""))
    if kind in ("CONSTR_PRIMARY", "CONSTR_UNIQUE", "CONSTR_EXCLUSION"):
        suffix = "pkey" if kind == "CONSTR_PRIMARY" else "key"
        bare = table.name.rpartition(".")[2]
        made = name or "_".join((bare, *(columns if suffix == "key" else ()), suffix))
        if kind != "CONSTR_EXCLUSION" and "indexname" not in tree:
            table.indexes.append(Index(made, columns, unique=True))
    elif kind == "CONSTR_FOREIGN":
        columns = (of,) if of else words(tree.get("fk_attrs"))
        made = name or "_".join((table.name.rpartition(".")[2], *columns, "fkey"))
        table.foreign_keys.append(ForeignKey(made, columns, relation(tree.get("pktable")), step))
    elif kind == "CONSTR_CHECK":
        table.checked_not_null |= _not_null(tree.get("raw_expr"))


def index(table: Table, tree: Tree) -> None:
    """Add an index."""
    parts = [entry["IndexElem"].get("name") for entry in tree.get("indexParams", ())]
    where = tree.get("whereClause")
    table.indexes.append(
        Index(
            str(tree.get("idxname", "")),
            tuple(parts),
            unique=bool(tree.get("unique")),
            partial=where is not None,
            method=str(tree.get("accessMethod", "btree")),
            not_null_of=next(iter(_not_null(where)), ""),
        )
    )


def alter(table: Table, step: Step) -> None:
    """Change a table by every command of ALTER TABLE that rules ask for."""
    for entry in step.tree.get("cmds", ()):
        command = entry["AlterTableCmd"]
        kind, definition = command.get("subtype"), command.get("def", {})
        name = str(command.get("name", ""))
        if kind == "AT_AddColumn":
            if definition["ColumnDef"]["colname"] not in table.columns:
                column(table, definition["ColumnDef"], step)
        elif kind == "AT_AddConstraint":
            constraint(table, definition["Constraint"], step)
        elif kind == "AT_DropColumn":
            _drop_column(table, name)
        elif kind == "AT_DropConstraint":
            table.foreign_keys = [key for key in table.foreign_keys if key.name != name]
            table.indexes = [found for found in table.indexes if found.name != name]
        elif kind == "AT_AlterColumnType" and name in table.columns:
            table.columns[name].type = type_name(definition["ColumnDef"].get("typeName"))
        elif kind == "AT_AddIdentity" and name in table.columns:
            table.columns[name].own = True
        else:
            _security(table, str(kind), step)


def _security(table: Table, kind: str, step: Step) -> None:
    if kind == "AT_EnableRowSecurity":
        table.secured, table.unsecured = True, None
    elif kind == "AT_DisableRowSecurity":
        table.secured, table.unsecured = False, step


def _drop_column(table: Table, name: str) -> None:
    table.columns.pop(name, None)
    table.indexes = [found for found in table.indexes if name not in found.columns]
    table.foreign_keys = [key for key in table.foreign_keys if name not in key.columns]


def _not_null(expression: Tree | None) -> set[str]:
    """Return the columns that an expression says are not null."""
    if not expression:
        return set()
    if "BoolExpr" in expression and expression["BoolExpr"].get("boolop") == "AND_EXPR":
        return set().union(*map(_not_null, expression["BoolExpr"].get("args", ())))
    test = expression.get("NullTest", {})
    fields = test.get("arg", {}).get("ColumnRef", {}).get("fields")
    return set(words(fields)[-1:]) if test.get("nulltesttype") == "IS_NOT_NULL" else set()
