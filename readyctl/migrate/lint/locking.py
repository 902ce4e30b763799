"""Rules about locks that keep others waiting for as long as a big table takes."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from readyctl.migrate.lint.columntypes import rewrites
from readyctl.migrate.lint.nodes import (
    calls,
    option,
    qualified,
    relation,
    shown,
    truthy,
    type_name,
    words,
)
from readyctl.migrate.lint.rule import Found, rule
from readyctl.migrate.lint.schema import Schema
from readyctl.migrate.lint.step import Step, Tree
from readyctl.model.status import Severity

_SERIAL = {"serial", "bigserial", "smallserial", "serial4", "serial8", "serial2"}
# Their value is one for the whole statement, so that it is kept once and no row is written.
_STABLE = {
    *("now", "transaction_timestamp", "statement_timestamp", "current_timestamp", "current_date"),
    *("localtimestamp", "current_time", "localtime", "current_user", "session_user", "user"),
    *("current_role", "current_setting", "make_date", "make_interval", "to_date", "to_timestamp"),
    *("lower", "upper", "coalesce", "jsonb_build_object", "jsonb_build_array", "timezone"),
    *("current_catalog", "current_schema", "date_trunc"),
}
_REWRITING = {
    "AT_SetLogged": "set logged",
    "AT_SetUnLogged": "set unlogged",
    "AT_SetAccessMethod": "set access method",
}


def _commands(step: Step, schema: Schema) -> Iterator[tuple[str, str, Tree]]:
    """Yield table, kind and command of an ALTER TABLE of what is there before its file."""
    if step.kind != "AlterTableStmt":
        return
    name = relation(step.tree["relation"])
    known = step.tree.get("objtype") == "OBJECT_TABLE"
    if known and schema.existing(name, step):
        for entry in step.tree.get("cmds", ()):
            yield name, str(entry["AlterTableCmd"].get("subtype")), entry["AlterTableCmd"]


def _rewritten(step: Step, schema: Schema) -> Iterator[Found]:
    for name, kind, command in _commands(step, schema):
        why = _REWRITING.get(kind) or _why_rewritten(name, kind, command, schema)
        if why:
            yield _rewrite(step, name, why)
    tree = step.tree
    if step.kind == "VacuumStmt" and truthy(option(tree.get("options"), "full")):
        for entry in tree.get("rels", ()):
            yield _rewrite(step, relation(entry["VacuumRelation"].get("relation")), "vacuum full")
    elif step.kind == "ClusterStmt" and "relation" in tree:
        yield _rewrite(step, relation(tree["relation"]), "cluster")


def _rewrite(step: Step, name: str, why: str) -> Found:
    return Found(step, f"{shown(name)} is written anew and locked meanwhile: {why}", shown(name))


def _why_rewritten(name: str, kind: str, command: Tree, schema: Schema) -> str:
    table = schema.tables.get(name)
    definition = command.get("def", {}).get("ColumnDef", {})
    column = str(command.get("name", definition.get("colname", "")))
    new = type_name(definition.get("typeName"))
    if kind == "AT_AlterColumnType":
        known = table.columns.get(column) if table else None
        if rewrites(known.type if known else None, new):
            return f"{column} becomes {new}"
    elif kind == "AT_AddColumn" and not (table and column in table.columns):
        return _why_filled(column, new, definition)
    return ""


def _why_filled(column: str, new: str, definition: Tree) -> str:
    if new in _SERIAL:
        return f"{column} is numbered"
    for entry in definition.get("constraints", ()):
        found = entry["Constraint"]
        kind = found.get("contype")
        if kind == "CONSTR_IDENTITY":
            return f"{column} is numbered"
        if kind == "CONSTR_GENERATED" and found.get("generated_kind") != "v":
            return f"{column} is computed for each row"
        volatile = set(calls(found.get("raw_expr"))) - _STABLE if kind == "CONSTR_DEFAULT" else ()
        if volatile:
            return f"{column} gets {min(volatile)}() for each row"
    return ""


def _validated(step: Step, schema: Schema) -> Iterator[Found]:
    for name, kind, command in _commands(step, schema):
        definition = command.get("def", {})
        if kind == "AT_AddConstraint":
            found = [definition["Constraint"]]
        elif kind == "AT_AddColumn" and _is_filled(definition["ColumnDef"]):
            found = [
                entry["Constraint"] for entry in definition["ColumnDef"].get("constraints", ())
            ]
        else:
            continue
        for each in found:
            checked = each.get("contype") in ("CONSTR_FOREIGN", "CONSTR_CHECK")
            if checked and not each.get("skip_validation"):
                what = "foreign key" if each["contype"] == "CONSTR_FOREIGN" else "check"
                message = f"every row of {shown(name)} is read under a lock for a new {what}"
                yield Found(step, message, shown(name))


def _is_filled(definition: Tree) -> bool:
    # A new column without a default is null everywhere, and nothing is there to be checked.
    kinds = {entry["Constraint"].get("contype") for entry in definition.get("constraints", ())}
    return bool(kinds & {"CONSTR_DEFAULT", "CONSTR_GENERATED", "CONSTR_IDENTITY"})


def _not_null(step: Step, schema: Schema) -> Iterator[Found]:
    for name, kind, command in _commands(step, schema):
        if kind == "AT_SetNotNull":
            table, column = schema.tables.get(name), str(command["name"])
            if table is None or column not in table.checked_not_null:
                of = f"{shown(name)}.{column}"
                yield Found(step, f"every row is read under a lock: {of} set not null", of)


def _indexes(step: Step, schema: Schema) -> Iterator[Found]:
    finder = _INDEXING.get(step.kind)
    if finder:
        yield from finder(step, schema)


def _created(step: Step, schema: Schema) -> Iterator[Found]:
    name = relation(step.tree["relation"])
    if not step.tree.get("concurrent") and schema.existing(name, step):
        yield Found(step, f"nobody writes to {shown(name)} while it is indexed", shown(name))


def _dropped(step: Step, schema: Schema) -> Iterator[Found]:
    if step.tree.get("removeType") != "OBJECT_INDEX" or step.tree.get("concurrent"):
        return
    for entry in step.tree.get("objects", ()):
        name = qualified(words(entry["List"]["items"]))
        bare = name.rpartition(".")[2]
        tables = [t for t in schema.tables.values() if any(i.name == bare for i in t.indexes)]
        if not tables or schema.existing(tables[0].name, step):
            message = f"nobody reads the table of {shown(name)} while the index is dropped"
            yield Found(step, message, shown(name), severity=Severity.LOW)


def _rebuilt(step: Step, schema: Schema) -> Iterator[Found]:
    name = relation(step.tree.get("relation"))
    concurrent = truthy(option(step.tree.get("params"), "concurrently"))
    if not concurrent and (not name or schema.existing(name, step)):
        yield Found(
            step, f"nobody writes to {shown(name) or 'it'} while it is reindexed", shown(name)
        )


def _keyed(step: Step, schema: Schema) -> Iterator[Found]:
    for name, kind, command in _commands(step, schema):
        found = command.get("def", {}).get("Constraint", {}) if kind == "AT_AddConstraint" else {}
        keyed = found.get("contype") in ("CONSTR_UNIQUE", "CONSTR_PRIMARY", "CONSTR_EXCLUSION")
        if keyed and "indexname" not in found:
            message = f"nobody reads or writes {shown(name)} while its key is indexed"
            yield Found(step, message, shown(name))


_INDEXING: dict[str, Callable[[Step, Schema], Iterator[Found]]] = {
    "IndexStmt": _created,
    "DropStmt": _dropped,
    "ReindexStmt": _rebuilt,
    "AlterTableStmt": _keyed,
}


RULES = (
    rule(
        "table-rewrite",
        Severity.HIGH,
        "A table that was there before the file is written anew.",
        "Nobody reads or writes it until the last row is written, and all its indexes.",
        "Add a column, fill it in parts, and exchange the two. A default that is the same for all "
        "rows rewrites nothing; nor does varchar made longer, or text of it.",
        each=_rewritten,
    ),
    rule(
        "constraint-scan",
        Severity.MEDIUM,
        "A foreign key or a check is added to a table that was there, and is validated at once.",
        "Every row is read while writes wait: of both tables for a foreign key.",
        "Add it NOT VALID, and VALIDATE CONSTRAINT in a later file: that lets others write.",
        each=_validated,
    ),
    rule(
        "not-null-scan",
        Severity.MEDIUM,
        "A column of a table that was there is set NOT NULL, and no check says so already.",
        "Every row is read while nobody reads or writes.",
        "Add CHECK (column IS NOT NULL) NOT VALID, validate it, then SET NOT NULL reads none.",
        each=_not_null,
    ),
    rule(
        "index-blocks-writes",
        Severity.MEDIUM,
        "An index of a table that was there is made or dropped without CONCURRENTLY.",
        "Writes wait until it is done; for a constraint, reads too.",
        "CREATE INDEX CONCURRENTLY in a file of its own, then ADD CONSTRAINT ... USING INDEX. "
        "readyctl runs it outside of a transaction by itself.",
        each=_indexes,
    ),
)
