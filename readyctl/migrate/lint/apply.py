"""Applies steps to the schema that rules look at, as PostgreSQL would."""

from __future__ import annotations

from collections.abc import Callable

from readyctl.migrate.lint.nodes import (
    dropped,
    is_true,
    option,
    qualified,
    relation,
    relations,
    truthy,
    type_name,
    words,
)
from readyctl.migrate.lint.schema import Policy, Routine, Schema, Table, View
from readyctl.migrate.lint.step import Step, Tree
from readyctl.migrate.lint.tables import alter, column, constraint, index


def apply(schema: Schema, step: Step) -> None:
    """Change `schema` by what a step does; what a rule does not ask for is left out."""
    changing = _CHANGES.get(step.kind)
    if changing:
        changing(schema, step)


def signature(tree: Tree) -> str:
    """Return a routine's name with the types that tell it from others."""
    given = [entry["FunctionParameter"] for entry in tree.get("parameters", ())]
    types = [
        type_name(parameter.get("argType"))
        for parameter in given
        if parameter.get("mode") not in ("FUNC_PARAM_OUT", "FUNC_PARAM_TABLE")
    ]
    return f"{qualified(words(tree.get('funcname')))}({', '.join(types)})"


def _create_table(schema: Schema, step: Step) -> None:
    tree = step.tree
    name = relation(tree["relation"])
    if tree["relation"].get("relpersistence") == "t" or name in schema.tables:
        # IF NOT EXISTS leaves what is there.
        return
    parents = [relation(entry["RangeVar"]) for entry in tree.get("inhRelations", ())]
    table = Table(name, step, partition=parents[0] if parents and "partbound" in tree else "")
    table.whole = not parents
    schema.tables[name] = table
    for element in tree.get("tableElts", ()):
        if "ColumnDef" in element:
            column(table, element["ColumnDef"], step)
        elif "Constraint" in element:
            constraint(table, element["Constraint"], step)
        else:
            table.whole = False


def _create_as(schema: Schema, step: Step) -> None:
    into = step.tree.get("into", {}).get("rel", {})
    name = relation(into)
    table = step.tree.get("objtype") == "OBJECT_TABLE"
    if table and into.get("relpersistence") != "t" and name not in schema.tables:
        schema.tables[name] = Table(name, step, whole=False)


def _alter_table(schema: Schema, step: Step) -> None:
    name = relation(step.tree["relation"])
    if name in schema.views:
        _alter_view(schema.views[name], step)
    table = schema.tables.get(name)
    if table:
        alter(table, step)


def _alter_view(view: View, step: Step) -> None:
    for entry in step.tree.get("cmds", ()):
        command = entry["AlterTableCmd"]
        options = command.get("def", {}).get("List", {}).get("items", ())
        named = option(options, "security_invoker")
        if named is not None:
            view.invoker = command.get("subtype") == "AT_SetRelOptions" and truthy(named)
            view.lost = None if view.invoker else view.lost


def _index(schema: Schema, step: Step) -> None:
    table = schema.tables.get(relation(step.tree["relation"]))
    if table:
        index(table, step.tree)


def _drop(schema: Schema, step: Step) -> None:
    kind = step.tree.get("removeType")
    names = set(dropped(step.tree))
    if kind == "OBJECT_TABLE":
        for name in names:
            schema.tables.pop(name, None)
    elif kind == "OBJECT_SCHEMA":
        _drop_schemas(schema, names)
    elif kind == "OBJECT_VIEW":
        for name in names & set(schema.views):
            # What is made again under the name is compared with what it was.
            view = schema.views[name]
            view.reads, view.invoker, view.lost = frozenset(), view.invoker or bool(view.lost), None
    elif kind == "OBJECT_INDEX":
        bare = {name.rpartition(".")[2] for name in names}
        for table in schema.tables.values():
            table.indexes = [found for found in table.indexes if found.name not in bare]
    elif kind == "OBJECT_POLICY":
        _drop_policies(schema, step.tree)
    elif kind in ("OBJECT_FUNCTION", "OBJECT_PROCEDURE", "OBJECT_ROUTINE"):
        _drop_routines(schema, step.tree)


def _drop_schemas(schema: Schema, names: set[str]) -> None:
    for held in (schema.tables, schema.routines, schema.views):
        for name in [name for name in held if name.split(".")[0] in names]:
            held.pop(name)


def _drop_policies(schema: Schema, tree: Tree) -> None:
    for entry in tree.get("objects", ()):
        *table, name = words(entry["List"]["items"])
        for held in (schema.tables, schema.elsewhere):
            if qualified(table) in held:
                held[qualified(table)].policies.pop(name, None)


def _drop_routines(schema: Schema, tree: Tree) -> None:
    for entry in tree.get("objects", ()):
        for key in _meant(schema, entry["ObjectWithArgs"]):
            schema.routines.pop(key)


def _meant(schema: Schema, named: Tree) -> list[str]:
    """Return the keys of the routines that a name means, with its types or without."""
    name = qualified(words(named.get("objname")))
    types = [type_name(entry["TypeName"]) for entry in named.get("objargs", ()) if entry]
    exact = f"{name}({', '.join(types)})"
    alike = [key for key, found in schema.routines.items() if found.name == name]
    # One type has many names: where there is one routine, it is the one.
    return [exact] if exact in schema.routines else alike if len(alike) == 1 else []


def _rename(schema: Schema, step: Step) -> None:
    tree = step.tree
    old, new = relation(tree.get("relation")), str(tree.get("newname", ""))
    kind = tree.get("renameType")
    if kind == "OBJECT_TABLE" and old in schema.tables:
        table = schema.tables.pop(old)
        table.name = f"{old.rpartition('.')[0]}.{new}"
        schema.tables[table.name] = table
    elif kind == "OBJECT_COLUMN" and old in schema.tables:
        _rename_column(schema.tables[old], str(tree.get("subname", "")), new)
    elif kind == "OBJECT_POLICY" and old in schema.tables:
        found = schema.tables[old].policies.pop(str(tree.get("subname", "")), None)
        if found:
            found.name = new
            schema.tables[old].policies[new] = found
    elif kind == "OBJECT_INDEX":
        for each in schema.tables.values():
            for found_index in each.indexes:
                if found_index.name == old.rpartition(".")[2]:
                    found_index.name = new


def _rename_column(table: Table, old: str, new: str) -> None:
    def renamed(name: str) -> str:
        return new if name == old else name

    table.columns = {renamed(name): found for name, found in table.columns.items()}
    for each in table.indexes:
        each.columns = tuple(name and renamed(name) for name in each.columns)
    for key in table.foreign_keys:
        key.columns = tuple(map(renamed, key.columns))


def _set_schema(schema: Schema, step: Step) -> None:
    old = relation(step.tree.get("relation"))
    if step.tree.get("objectType") == "OBJECT_TABLE" and old in schema.tables:
        table = schema.tables.pop(old)
        table.name = f"{step.tree.get('newschema')}.{old.rpartition('.')[2]}"
        schema.tables[table.name] = table


def _policy(schema: Schema, step: Step) -> None:
    tree = step.tree
    on = relation(tree["table"])
    table = schema.tables.get(on) or schema.elsewhere.setdefault(on, Table(on, step, whole=False))
    name = str(tree["policy_name"])
    found = table.policies.get(name)
    if step.kind == "AlterPolicyStmt" and found is None:
        return
    altered = found if step.kind == "AlterPolicyStmt" else None
    table.policies[name] = Policy(
        name,
        altered.command if altered else str(tree.get("cmd_name", "all")),
        _roles(tree) or (altered.roles if altered else ("public",)),
        altered.permissive if altered else bool(tree.get("permissive")),
        is_true(tree["qual"]) if "qual" in tree else bool(altered and altered.using),
        is_true(tree["with_check"]) if "with_check" in tree else bool(altered and altered.check),
        step,
    )


def _roles(tree: Tree) -> tuple[str, ...]:
    specs = [entry["RoleSpec"] for entry in tree.get("roles", ())]
    return tuple(str(spec.get("rolename", "public")) for spec in specs)


def _function(schema: Schema, step: Step) -> None:
    options = step.tree.get("options", ())
    key = signature(step.tree)
    path = any(
        entry["DefElem"].get("defname") == "set"
        and entry["DefElem"]["arg"].get("VariableSetStmt", {}).get("name") == "search_path"
        for entry in options
    )
    definer = truthy(option(options, "security"))
    schema.routines[key] = Routine(qualified(words(step.tree["funcname"])), definer, path, step)


def _alter_function(schema: Schema, step: Step) -> None:
    for routine in (schema.routines[key] for key in _meant(schema, step.tree["func"])):
        for entry in step.tree.get("actions", ()):
            element = entry["DefElem"]
            if element.get("defname") == "security":
                routine.definer = truthy(element)
                routine.step = step
            elif element.get("defname") == "set":
                _alter_setting(routine, element["arg"].get("VariableSetStmt", {}))


def _alter_setting(routine: Routine, setting: Tree) -> None:
    if setting.get("kind") == "VAR_RESET_ALL":
        routine.path = False
    elif setting.get("name") == "search_path":
        routine.path = setting.get("kind") not in ("VAR_RESET", "VAR_SET_DEFAULT")


def _view(schema: Schema, step: Step) -> None:
    tree = step.tree
    if tree["view"].get("relpersistence") == "t":
        return
    name = relation(tree["view"])
    invoker = truthy(option(tree.get("options"), "security_invoker"))
    before = schema.views.get(name)
    lost = step if before and not invoker and (before.invoker or before.lost) else None
    reads = frozenset(relations(tree["query"])) - {name}
    schema.views[name] = View(name, invoker, reads, step, lost)


def _select(schema: Schema, step: Step) -> None:
    into = step.tree.get("intoClause", {}).get("rel", {})
    name = relation(into)
    if into and into.get("relpersistence") != "t" and name not in schema.tables:
        schema.tables[name] = Table(name, step, whole=False)


_CHANGES: dict[str, Callable[[Schema, Step], None]] = {
    "CreateStmt": _create_table,
    "CreateTableAsStmt": _create_as,
    "AlterTableStmt": _alter_table,
    "IndexStmt": _index,
    "DropStmt": _drop,
    "RenameStmt": _rename,
    "AlterObjectSchemaStmt": _set_schema,
    "CreatePolicyStmt": _policy,
    "AlterPolicyStmt": _policy,
    "CreateFunctionStmt": _function,
    "AlterFunctionStmt": _alter_function,
    "ViewStmt": _view,
    "SelectStmt": _select,
}
