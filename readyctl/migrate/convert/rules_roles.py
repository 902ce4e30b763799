"""Rules for roles and owners: who migrates owns what Supabase's own roles owned."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from readyctl.migrate.convert.names import MANAGED, OWNERS, ROLES
from readyctl.migrate.convert.survey import Survey, strings
from readyctl.migrate.convert.unit import Statement, Tree, Unit
from readyctl.model.conversion import Treatment

# What only a superuser may give or take.
_SUPER = frozenset({"superuser", "bypassrls", "isreplication"})
_HINT = "rds_superuser is the most that Aurora gives: grant what is needed by name"


def owners(unit: Unit, statement: Statement, _: Survey) -> None:
    """Let whoever migrates own what a role of Supabase owned."""
    for spec in _specs(statement):
        name = str(spec.get("rolename", ""))
        token = unit.token(unit.at(int(spec.get("location", -1))))
        if name in OWNERS and token and statement.start not in unit.done:
            unit.replace(token.start, token.stop, "CURRENT_USER")
            unit.note(token.start, f"owner {name}", Treatment.MAPPED, "CURRENT_USER owns it")


def _specs(statement: Statement) -> Iterator[Tree]:
    tree = statement.tree
    if statement.kind == "AlterTableStmt":
        for command in tree.get("cmds", ()):
            yield command["AlterTableCmd"].get("newowner", {})
    elif statement.kind == "AlterDefaultPrivilegesStmt":
        for option in tree.get("options", ()):
            if option["DefElem"]["defname"] == "roles":
                for item in option["DefElem"]["arg"]["List"]["items"]:
                    yield item["RoleSpec"]
    else:
        yield tree.get("newowner") or tree.get("authrole") or {}


def schema(unit: Unit, statement: Statement, found: Survey) -> None:
    """Let CREATE SCHEMA pass where the prelude has made it."""
    owners(unit, statement, found)
    tree = statement.tree
    if str(tree.get("schemaname", "")) in MANAGED and not tree.get("if_not_exists"):
        second = unit.within(statement.start, statement.stop)[1]
        unit.replace(second.stop, second.stop, " if not exists")
        unit.note(
            statement.start,
            f"schema {tree['schemaname']}",
            Treatment.PROVIDED,
            "the prelude makes it",
        )


def create(unit: Unit, statement: Statement, _: Survey) -> None:
    """Leave roles of Supabase to the prelude; let others be there already."""
    name = str(statement.tree["role"])
    if name in ROLES:
        erase = any(
            o["DefElem"]["defname"] == "password" for o in statement.tree.get("options", ())
        )
        take = unit.erase if erase else unit.take_out
        take(
            statement,
            f"role {name}",
            "the prelude makes this role",
            "nobody signs in as it: give your application a role of its own",
        )
        return
    _password(unit, statement, name)
    unit.tolerate(statement, "duplicate_object", f"the role {name} is there already")
    unit.note(statement.start, f"role {name}", Treatment.MAPPED, "left as it is where it exists")


def alter(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take out what only a superuser may give, and passwords of Supabase's roles."""
    name = str(statement.tree.get("role", {}).get("rolename", ""))
    options = {option["DefElem"]["defname"] for option in statement.tree.get("options", ())}
    if options & _SUPER or (name in ROLES and options - {"rolemembers"}):
        take = unit.erase if "password" in options else unit.take_out
        take(statement, f"alter role {name}", "it gives what roles do not get here", _HINT)
        return
    _password(unit, statement, name)


def _password(unit: Unit, statement: Statement, name: str) -> None:
    tokens = unit.within(statement.start, statement.stop)
    for token, value in pairwise(tokens):
        if token.kind == "PASSWORD" and value.kind == "SCONST":
            unit.replace(value.start, value.stop, "null")
            unit.note(
                token.start,
                f"password of {name}",
                Treatment.REPORTED,
                "taken out of the text: nobody can sign in with it",
                "set one by hand, and keep it in AWS Secrets Manager",
            )


def drop(unit: Unit, statement: Statement, _: Survey) -> None:
    """Keep roles of Supabase that others refer to."""
    names = {item["RoleSpec"].get("rolename") for item in statement.tree.get("roles", ())}
    if names & ROLES:
        unit.take_out(statement, "drop role", "roles of the prelude stay")


def settings(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take out what only a superuser may set for a role."""
    name = str(statement.tree.get("setstmt", {}).get("name", ""))
    if name in ("session_preload_libraries", "local_preload_libraries", "log_statement"):
        unit.take_out(
            statement,
            f"setting {name}",
            "set it in the parameter group",
            "parameter group of the cluster",
        )
    elif name.startswith("pgrst."):
        unit.note(
            statement.start,
            name,
            Treatment.REPORTED,
            "kept; nothing reads it",
            "there is no PostgREST: routes of the backend take its place",
        )


def variable(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take out SET ROLE to a role of Supabase, and settings that older servers lack."""
    name = str(statement.tree.get("name", ""))
    values = [str(v) for a in statement.tree.get("args", ()) for v in _constant(a)]
    if name in ("role", "session_authorization") and (set(values) & OWNERS or name != "role"):
        unit.take_out(statement, f"set {name}", "whoever migrates does it", "nothing")
    elif name == "transaction_timeout":
        unit.take_out(statement, name, "PostgreSQL 15 and 16 do not know it", "nothing")


def _constant(node: Tree) -> Iterator[str]:
    value = node.get("A_Const", {}).get("sval", {}).get("sval")
    if value is not None:
        yield str(value)


def names_of(tree: Tree) -> list[str]:
    """Return the names of a statement's object, schema first."""
    return strings(tree.get("object", {}))
