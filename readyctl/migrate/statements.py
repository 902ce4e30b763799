"""Which names each kind of statement needs, makes and drops, by PostgreSQL's parse tree."""

from __future__ import annotations

import re
from collections.abc import Callable

import msgspec
from pglast import parser

from readyctl.migrate import bodies
from readyctl.migrate.definitions import MAKING
from readyctl.migrate.naming import NAMING
from readyctl.migrate.steps import Reader, Step, Tree, Verb, constant, options, strings
from readyctl.migrate.things import Kind
from readyctl.model.migration import Statement

# Rows are no names: of a long INSERT only its table is looked at.
_LONG = 50_000
_INSERT = re.compile(
    r"insert\s+into\s+[^\s(]+(?:\s+as\s+\w+)?\s*(?:\([^()]*\)\s*)?(?=values)", re.I
)
_CTE = '"ctename"'

# What needs every table, function, type and role that it names, and makes nothing.
_PLAIN = {
    *("SelectStmt", "InsertStmt", "UpdateStmt", "DeleteStmt", "MergeStmt", "CopyStmt", "CallStmt"),
    *("TruncateStmt", "LockStmt", "VacuumStmt", "RefreshMatViewStmt", "CreateStatsStmt"),
    *("RuleStmt", "CreatePolicyStmt", "AlterPolicyStmt", "CreateTrigStmt", "CreateEventTrigStmt"),
    *("CreatePublicationStmt", "AlterPublicationStmt", "AlterRoleStmt", "AlterRoleSetStmt"),
    *("IndexStmt", "ExplainStmt", "ClusterStmt", "DeclareCursorStmt", "PrepareStmt"),
}


def steps(statement: Statement) -> list[Step]:
    """Return what a statement does to names, in order.

    What cannot be read, such as a function's body in another language, does nothing.
    """
    sql = _shortened(statement)
    reader = Reader(sql, statement.line)
    read(reader, parser.parse_sql_json(sql))
    return reader.found


def read(reader: Reader, parsed: str) -> None:
    """Add the steps of each statement of a parsed text to a reader."""
    decoded = msgspec.json.decode(parsed)
    for raw in decoded.get("stmts", ()):
        ((kind, tree),) = raw["stmt"].items()
        if _CTE in parsed:
            reader.local(_named(tree))
        _statement(reader, kind, tree)


def _statement(reader: Reader, kind: str, tree: Tree) -> None:
    handler = _HANDLERS.get(kind)
    if handler:
        handler(reader, tree)
    elif kind in _PLAIN and not tree.get("missing_ok"):
        _path_by_call(reader, tree)
        reader.walk(tree)


def _shortened(statement: Statement) -> str:
    if len(statement.sql) > _LONG and statement.kind == "InsertStmt":
        found = _INSERT.match(statement.sql)
        if found:
            return f"{found[0]} default values" if "(" not in found[0] else _bare(found[0])
    return statement.sql


def _bare(head: str) -> str:
    return f"{head[: head.index('(')]} default values"


def _named(tree: object) -> list[str]:
    """The names that WITH gives to queries, anywhere below."""
    if isinstance(tree, list):
        return [name for part in tree for name in _named(part)]
    if not isinstance(tree, dict):
        return []
    own = [tree["ctename"]] if "ctename" in tree else []
    return own + [name for part in tree.values() for name in _named(part)]


def _path_by_call(reader: Reader, tree: Tree) -> None:
    """`SELECT set_config('search_path', '...')`, as a dump begins."""
    targets = tree.get("targetList", ())
    if len(targets) != 1:
        return
    call = targets[0].get("ResTarget", {}).get("val", {}).get("FuncCall", {})
    if strings(call.get("funcname", ()))[-1:] == ("set_config",):
        name, value = (constant(argument) for argument in call["args"][:2])
        if name == "search_path":
            schemas = tuple(part.strip(' "') for part in value.split(",") if part.strip(' "'))
            reader.found.append(Step(Verb.PATH, path=schemas))


def _set(reader: Reader, tree: Tree) -> None:
    name, values = tree.get("name"), [constant(node) for node in tree.get("args", ())]
    kept = tree["kind"] == "VAR_SET_VALUE"
    if name == "search_path" or tree["kind"] == "VAR_RESET_ALL":
        path = bodies.split_path(values) if kept else None
        reader.found.append(Step(Verb.PATH, path=path))
    if name == "check_function_bodies" or tree["kind"] == "VAR_RESET_ALL":
        off = kept and values[:1] in (["false"], ["off"], ["no"], ["0"])
        reader.found.append(Step(Verb.BODIES, name="off" if off else "on"))
    if name == "role" and values and values[0] != "none":
        reader.need(Kind.ROLE, (values[0],))


def _function(reader: Reader, tree: Tree) -> None:
    reader.walk(tree.get("parameters", []))
    reader.walk(tree.get("returnType", {}))
    reader.make(Kind.FUNCTION, strings(tree["funcname"]))
    path = bodies.path_of(tree)
    # An atomic body is looked into whatever is set.
    later = "sql_body" not in tree
    inside = Reader(reader.text, reader.line, path, reader.sure, later, reader.found)
    if "sql_body" in tree:
        inside.local(_named(tree["sql_body"]))
        inside.walk(tree["sql_body"])
        return
    given = options(tree.get("options", ()))
    body = "".join(strings(given.get("as", {}).get("List", {}).get("items", ()))[:1])
    language = strings([given.get("language", {})])
    if body and language:
        bodies.function(inside, language[0].lower(), body, read)


def _do(reader: Reader, tree: Tree) -> None:
    given = options(tree.get("args", ()))
    language = strings([given.get("language", {"String": {"sval": "plpgsql"}})])
    if language and language[0].lower() == "plpgsql":
        bodies.block(reader, read)


_HANDLERS: dict[str, Callable[[Reader, Tree], None]] = {
    **MAKING,
    **NAMING,
    "VariableSetStmt": _set,
    "CreateFunctionStmt": _function,
    "DoStmt": _do,
}
