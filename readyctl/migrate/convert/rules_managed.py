"""Rules for what lies in Supabase's schemas: kept where the prelude has it, else taken out."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.migrate.convert.names import MANAGED, PUBLICATION
from readyctl.migrate.convert.prelude import known
from readyctl.migrate.convert.survey import Name, Survey, created_name, references, strings
from readyctl.migrate.convert.unit import Statement, Tree, Unit
from readyctl.model.conversion import Treatment

_ELSEWHERE = frozenset(
    {"create_hypertable", "add_retention_policy", "add_compression_policy", "index_advisor"}
)
_ELSEWHERE_SCHEMAS = frozenset({"pgtle", "dbdev"})
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


def event_trigger(unit: Unit, statement: Statement, found: Survey) -> None:
    """Take out event triggers that call a function of Supabase."""
    names = strings(statement.tree.get("funcname", ()))
    if len(names) == 2 and names[0] in MANAGED and not found.has(names[0], names[1]):
        unit.take_out(statement, "event trigger", f"{'.'.join(names)} is not made here", "nothing")


def altered_event_trigger(unit: Unit, statement: Statement, found: Survey) -> None:
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
        unit.tolerate(statement, "duplicate_object", "the publication is there already")
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


def label(unit: Unit, statement: Statement, found: Survey) -> None:
    """Take out labels: their providers are not on Aurora."""
    unit.take_out(
        statement,
        "security label",
        "no provider of security labels here",
        "encrypt the column with AWS KMS, in the function that reads and writes",
    )


def server(unit: Unit, statement: Statement, found: Survey) -> None:
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
        unit.done.add(statement.start)
        unit.replace(
            statement.start,
            statement.end,
            f"-- readyctl: the setting {name} was taken out with its value",
        )
        unit.note(
            statement.start,
            f"setting {name}",
            Treatment.REPORTED,
            "taken out with its value",
            "put the value into AWS Secrets Manager",
        )
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


def called(unit: Unit, statement: Statement, found: Survey) -> None:
    """Take out calls of what is neither here nor on Aurora."""
    tokens = unit.within(statement.start, statement.stop)
    names = {token.name for token in tokens}
    if names & _ELSEWHERE:
        unit.take_out(
            statement, "call", "what it calls is not on Aurora", "see the extension's note"
        )
    elif any(name[0] in _ELSEWHERE_SCHEMAS for name, _ in references(tokens)):
        unit.take_out(
            statement,
            "package of database.dev",
            "packages are not installed here",
            "put the package's SQL into a migration",
        )
