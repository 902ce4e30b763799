"""Rules about statements that destroy data which cannot be had back."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.migrate.lint.columntypes import narrows
from readyctl.migrate.lint.nodes import dropped, is_true, relation, shown, type_name
from readyctl.migrate.lint.rule import Found, rule
from readyctl.migrate.lint.schema import Schema
from readyctl.migrate.lint.step import Step
from readyctl.model.status import Severity


def _tables(step: Step, schema: Schema) -> Iterator[Found]:
    if step.kind == "DropStmt" and step.tree.get("removeType") == "OBJECT_TABLE":
        for name in dropped(step.tree):
            if schema.existing(name, step):
                yield Found(step, f"{shown(name)} is dropped with all its rows", shown(name))


def _schemas(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    kind, behavior = step.tree.get("removeType"), step.tree.get("behavior")
    if (step.kind, kind, behavior) == ("DropStmt", "OBJECT_SCHEMA", "DROP_CASCADE"):
        for name in dropped(step.tree):
            yield Found(step, f"schema {name} is dropped with all that is in it", name)


def _columns(step: Step, schema: Schema) -> Iterator[Found]:
    name = relation(step.tree.get("relation"))
    if step.kind != "AlterTableStmt" or not schema.existing(name, step):
        return
    for entry in step.tree.get("cmds", ()):
        command = entry["AlterTableCmd"]
        if command.get("subtype") == "AT_DropColumn":
            column = f"{shown(name)}.{command['name']}"
            yield Found(step, f"{column} is dropped with all its values", column)


def _truncated(step: Step, schema: Schema) -> Iterator[Found]:
    if step.kind == "TruncateStmt":
        for entry in step.tree.get("relations", ()):
            name = relation(entry["RangeVar"])
            if schema.existing(name, step):
                yield Found(step, f"{shown(name)} loses all its rows", shown(name))


def _every_row(step: Step, schema: Schema) -> Iterator[Found]:
    done = {"DeleteStmt": "is deleted", "UpdateStmt": "is overwritten"}.get(step.kind)
    where = step.tree.get("whereClause")
    joined = "usingClause" in step.tree or "fromClause" in step.tree
    if done and not joined and (where is None or is_true(where)):
        name = relation(step.tree["relation"])
        if schema.existing(name, step):
            yield Found(step, f"every row of {shown(name)} {done}", shown(name))


def _narrowed(step: Step, schema: Schema) -> Iterator[Found]:
    if step.kind != "AlterTableStmt":
        return
    name = relation(step.tree["relation"])
    table = schema.tables.get(name)
    for entry in step.tree.get("cmds", ()):
        command = entry["AlterTableCmd"]
        if command.get("subtype") != "AT_AlterColumnType" or not schema.existing(name, step):
            continue
        new = type_name(command["def"]["ColumnDef"].get("typeName"))
        column = f"{shown(name)}.{command['name']}"
        known = table.columns.get(command["name"]) if table else None
        if known is None:
            yield Found(step, f"no file says which type {column} had", column, undecided=True)
        elif narrows(known.type, new):
            yield Found(step, f"{column} is {known.type}, and {new} holds less", column)


def _cascade(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    kind = step.tree.get("removeType")
    cascades = step.kind == "DropStmt" and step.tree.get("behavior") == "DROP_CASCADE"
    if cascades and kind not in ("OBJECT_SCHEMA", "OBJECT_POLICY", "OBJECT_TRIGGER"):
        names = ", ".join(shown(name) for name in dropped(step.tree))
        yield Found(step, f"whatever depends on {names} is dropped, too", names)


RULES = (
    rule(
        "drop-table",
        Severity.HIGH,
        "A table is dropped that an earlier file made, or none.",
        "Its rows are gone when the migration commits; only a backup has them.",
        "Rename the table, watch that nothing asks for it, and drop it in a later release. Where "
        "its rows are elsewhere, say where: -- readyctl: allow=drop-table REASON",
        each=_tables,
    ),
    rule(
        "drop-column",
        Severity.HIGH,
        "A column is dropped of a table that was there before the file.",
        "Its values are gone, and programs that run during the migration still name it.",
        "Stop to read and write it first; drop it in a later release.",
        each=_columns,
    ),
    rule(
        "drop-schema",
        Severity.HIGH,
        "A schema is dropped with CASCADE.",
        "Every table in it is dropped, also those that nobody thought of.",
        "Drop what is meant by its name, then the schema without CASCADE.",
        each=_schemas,
    ),
    rule(
        "truncate",
        Severity.HIGH,
        "A table is truncated that was there before the file.",
        "All its rows are gone, and no policy or trigger for rows is asked.",
        "Delete the rows that are meant, with a WHERE.",
        each=_truncated,
    ),
    rule(
        "every-row",
        Severity.HIGH,
        "DELETE or UPDATE has no WHERE, on a table that was there before the file.",
        "It changes rows that nobody looked at, and locks each of them until the commit.",
        "Say which rows are meant, such as WHERE new_column IS NULL, and do it in parts.",
        each=_every_row,
    ),
    rule(
        "narrowing-type",
        Severity.HIGH,
        "A column gets a type that holds less than the one it has.",
        "Values are rounded or cut without a word, or the migration fails on the first that does "
        "not fit: in production, not on an empty database.",
        "Add a column of the new type, fill it, and compare before the old one goes.",
        each=_narrowed,
    ),
    rule(
        "drop-cascade",
        Severity.MEDIUM,
        "Something is dropped with CASCADE.",
        "Views, foreign keys, policies and triggers go with it that the file does not name.",
        "Drop each of them by its name; leave CASCADE out, so that PostgreSQL refuses the rest.",
        each=_cascade,
    ),
)
