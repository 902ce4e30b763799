"""Rules for what lies in Supabase's schemas: kept where the prelude has it, else taken out."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.migrate.convert.names import MANAGED, PUBLICATION
from readyctl.migrate.convert.prelude import known
from readyctl.migrate.convert.survey import Name, Survey, created_name, references, strings
from readyctl.migrate.convert.tokens import Token
from readyctl.migrate.convert.unit import Statement, Tree, Unit
from readyctl.model.conversion import Treatment

_ELSEWHERE = frozenset(
    {"create_hypertable", "add_retention_policy", "add_compression_policy", "index_advisor"}
)
_REQUESTS = frozenset({"http", "http_get", "http_post", "http_put", "http_patch", "http_delete"})
_ELSEWHERE_SCHEMAS = frozenset({"pgtle", "dbdev"})
# PostgreSQL 18 refuses updates of tables that publish whole rows and generate a column, without it.
_GENERATED = (
    " if current_setting('server_version_num')::integer >= 180000 then execute"
    f" 'alter publication {PUBLICATION} set (publish_generated_columns = stored)'; end if;"
)
_ADDING = frozenset({"AT_AddColumn", "AT_AddConstraint", "AT_AddIndex", "AT_AddIndexConstraint"})
_SECRET = ("secret", "key", "token", "password", "jwt", "credential")


def objects(unit: Unit, statement: Statement, found: Survey) -> None:
    """Take out statements about things of Supabase that are not made here."""
    for schema, name in _named(statement):
        if schema in MANAGED and not found.has(schema, name):
            why = f"{schema}.{name} is not made here"
            unit.take_out(
                statement, f"{schema}.{name}", why, "nothing, unless you call it yourself"
            )
            return
    functions = statement.tree.get("objtype") in ("OBJECT_FUNCTION", "OBJECT_PROCEDURE")
    if functions and any(schema in MANAGED for schema, _ in _named(statement)):
        unit.tolerate(
            statement, "undefined_function", "a function of Supabase has other arguments here"
        )


def _named(statement: Statement) -> Iterator[Name]:
    tree = statement.tree
    for key in ("relation", "table"):
        relation = tree.get(key, {})
        if "schemaname" in relation:
            yield relation["schemaname"], relation["relname"]
    names = strings(tree.get("funcname", ())) if "Trig" in statement.kind else []
    if len(names) == 2:
        yield names[0], names[1]
    several = tree.get("objects", ()) if statement.kind == "GrantStmt" else ()
    for item in (*several, tree.get("object", {}), {"ObjectWithArgs": tree.get("func", {})}):
        yield from _object(item)


def _object(item: Tree) -> Iterator[Name]:
    if "RangeVar" in item and "schemaname" in item["RangeVar"]:
        yield item["RangeVar"]["schemaname"], item["RangeVar"]["relname"]
        return
    inner = item.get("ObjectWithArgs", {}).get("objname") or item.get("TypeName", {}).get("names")
    names = strings(inner or item)
    if len(names) >= 2:
        yield names[0], names[1]


def function(unit: Unit, statement: Statement, found: Survey) -> None:
    """Let a function of the folder take the place of the prelude's."""
    name = created_name(statement.kind, statement.tree)
    if name and known(*name) and name not in found.own and not statement.tree.get("replace"):
        first = unit.within(statement.start, statement.stop)[0]
        unit.replace(first.stop, first.stop, " or replace")
        unit.note(statement.start, ".".join(name), Treatment.MAPPED, "replaces the prelude's")


def already(unit: Unit, statement: Statement, found: Survey) -> None:
    """Let a statement make, or add to, what the prelude has with all that Supabase has."""
    tree = statement.tree
    name = created_name(statement.kind, tree)
    if statement.kind in ("AlterTableStmt", "IndexStmt"):
        commands = {c["AlterTableCmd"]["subtype"] for c in tree.get("cmds", ())}
        adds = statement.kind == "IndexStmt" or commands & _ADDING
    else:
        adds = True
    if not (name and adds and known(*name)) or name in found.own or tree.get("if_not_exists"):
        return
    if tree.get("concurrent"):
        # No block may hold it.
        return
    unit.tolerate(
        statement,
        "duplicate_column or duplicate_object or duplicate_table",
        f"the prelude has {'.'.join(name)} already",
    )
    unit.note(statement.start, ".".join(name), Treatment.MAPPED, "left as the prelude makes it")


def event_trigger(unit: Unit, statement: Statement, found: Survey) -> None:
    """Take out event triggers that call a function of Supabase."""
    names = strings(statement.tree.get("funcname", ()))
    if len(names) == 2 and names[0] in MANAGED and not found.has(names[0], names[1]):
        unit.take_out(statement, "event trigger", f"{'.'.join(names)} is not made here", "nothing")


def altered_event_trigger(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take out what changes event triggers that Supabase makes."""
    name = str(statement.tree.get("trigname", statement.tree.get("object", {})))
    if name.startswith(("issue_", "pgrst_")):
        unit.take_out(statement, "event trigger", "this event trigger is not made here", "nothing")


def publication(unit: Unit, statement: Statement, found: Survey) -> None:
    """Let a table that may be published already be published again."""
    tree = statement.tree
    if tree.get("pubname") != PUBLICATION:
        return
    unit.note(
        statement.start,
        f"publication {PUBLICATION}",
        Treatment.PROVIDED,
        "kept: the prelude makes the publication",
        "tell clients of changes by AppSync or WebSocket routes",
    )
    if statement.kind == "CreatePublicationStmt":
        there = "the publication is there already"
        unit.tolerate(statement, "duplicate_object", there, then=_GENERATED)
        return
    action = tree.get("action")
    tables = [
        f"{o['PublicationObjSpec']['pubtable']['relation'].get('schemaname', 'public')}."
        f"{o['PublicationObjSpec']['pubtable']['relation']['relname']}"
        for o in tree.get("pubobjects", ())
        if "pubtable" in o["PublicationObjSpec"]
    ]
    if action == "AP_AddObjects":
        if found.members & set(tables):
            unit.tolerate(statement, "duplicate_object", "the table is published already")
        found.members |= set(tables)
    elif action == "AP_DropObjects":
        unit.tolerate(statement, "undefined_object", "the table was not published")
        found.members -= set(tables)


def label(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take out labels: their providers are not on Aurora."""
    unit.take_out(
        statement,
        "security label",
        "no provider of security labels here",
        "encrypt the column with AWS KMS, in the function that reads and writes",
    )


def server(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take out what belongs to the server or to another database."""
    unit.take_out(
        statement,
        "server setting",
        "it is not set by a migration here",
        "use the parameter group of the cluster, or AWS Secrets Manager for a secret",
    )


def database_setting(unit: Unit, statement: Statement, found: Survey) -> None:
    """Set it for the database that is migrated; a secret does not stay in the text."""
    name = str(statement.tree.get("setstmt", {}).get("name", ""))
    if any(word in name.lower() for word in _SECRET):
        why, hint = "it may be a secret", "put the value into AWS Secrets Manager"
        unit.erase(statement, f"setting {name}", why, hint)
        return
    tokens = unit.within(statement.start, statement.stop)
    rest = unit.code[tokens[2].stop : statement.stop].strip()
    if "$" in rest or "\n" in rest or "--" in rest:
        server(unit, statement, found)
        return
    quoted = rest.replace("'", "''").replace("%", "%%")
    unit.done.add(statement.start)
    unit.replace(
        statement.start,
        statement.stop,
        f"do $readyctl$ begin execute format('alter database %I {quoted}', current_database());"
        " end $readyctl$",
    )
    unit.note(statement.start, f"setting {name}", Treatment.MAPPED, "set for this database")


def _missing(tokens: list[Token], found: Survey) -> str:
    places = {token.start: at for at, token in enumerate(tokens)}
    for (schema, name), token in references(tokens):
        called = places[token.start] + 3
        is_call = called < len(tokens) and tokens[called].text == "("
        meant = is_call and schema not in ("extensions", *_ELSEWHERE_SCHEMAS)
        if meant and not found.has(schema, name):
            return f"{schema}.{name}"
    return ""


def _calls(tokens: list[Token], names: frozenset[str]) -> bool:
    for at, token in enumerate(tokens[:-1]):
        schema = tokens[at - 2].name if at > 1 and tokens[at - 1].text == "." else ""
        if token.name in names and tokens[at + 1].text == "(" and schema in ("", "extensions"):
            return True
    return False


def called(unit: Unit, statement: Statement, found: Survey) -> None:
    """Take out calls of what is neither here nor on Aurora."""
    tokens = unit.within(statement.start, statement.stop)
    names = {token.name for token in tokens}
    asks = statement.kind == "SelectStmt" and _calls(tokens, _REQUESTS)
    if asks:
        unit.take_out(
            statement,
            "http",
            "the database calls no addresses",
            "call the address from a function",
        )
    elif names & _ELSEWHERE or (
        statement.kind == "SelectStmt" and any(name.startswith("hypopg_") for name in names)
    ):
        unit.take_out(
            statement, "call", "what it calls is not on Aurora", "see the extension's note"
        )
    elif statement.kind == "SelectStmt" and (missing := _missing(tokens, found)):
        unit.take_out(statement, missing, f"{missing} is not made here", "nothing")
    elif any(name[0] in _ELSEWHERE_SCHEMAS for name, _ in references(tokens)):
        unit.take_out(
            statement,
            "package of database.dev",
            "packages are not installed here",
            "put the package's SQL into a migration",
        )
