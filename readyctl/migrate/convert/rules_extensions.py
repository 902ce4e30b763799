"""Rules for extensions: created where the server has them, and what takes the place of others."""

from __future__ import annotations

import re
from itertools import takewhile

from readyctl.migrate import aurora
from readyctl.migrate.convert.extensions import (
    INDEXES,
    INSTEAD,
    LANGUAGES,
    PREINSTALLED,
    TRUSTED,
    hint,
)
from readyctl.migrate.convert.names import MANAGED
from readyctl.migrate.convert.survey import Survey, strings
from readyctl.migrate.convert.tokens import Token, code, deep
from readyctl.migrate.convert.unit import Statement, Tree, Unit
from readyctl.model.conversion import Treatment

_WRAPPERS = frozenset(
    {"postgres_fdw", "mysql_fdw", "tds_fdw", "oracle_fdw", "log_fdw", "dblink_fdw"}
)
_KINDS = frozenset(
    [
        "MATERIALIZED",
        "VIEW",
        "FOREIGN",
        "TABLE",
        "EVENT",
        "TRIGGER",
        "INDEX",
        "CONCURRENTLY",
        "FUNCTION",
        "PROCEDURE",
        "ROUTINE",
        "AGGREGATE",
        "SEQUENCE",
        "TYPE_P",
        "DOMAIN_P",
        "SCHEMA",
        "EXTENSION",
        "POLICY",
        "RULE",
    ]
)
_IN_BODY = re.compile(
    r"\s*create\s+extension\s+(?:if\s+not\s+exists\s+)?\"?([\w-]+)", re.IGNORECASE
)
_MARKED = "/* readyctl */ then "


def create(unit: Unit, statement: Statement, _: Survey) -> None:
    """Create an extension where the server has it; take out what Aurora is never to have."""
    name = str(statement.tree["extname"])
    if name == "plpgsql":
        return
    if name in INSTEAD or name not in aurora.EXTENSIONS:
        unit.take_out(statement, f"extension {name}", f"no extension {name} here", hint(name))
        return
    tokens = unit.within(statement.start, statement.stop)
    if not statement.tree.get("if_not_exists"):
        unit.replace(tokens[1].stop, tokens[1].stop, " if not exists")
    for at, token in enumerate(tokens):
        if token.kind == "VERSION_P" and at + 1 < len(tokens):
            # The server has the version that it has.
            unit.replace(token.start, tokens[at + 1].stop, "")
    unit.guard(statement, _available(name), f"the server has no extension {name}")
    done = "created where the server has it"
    if name in PREINSTALLED:
        done += "; the prelude provides most of it elsewhere"
    unit.note(statement.start, f"extension {name}", Treatment.MAPPED, done)


def alter(unit: Unit, statement: Statement, _: Survey) -> None:
    """Change an extension where it is; on a server without it there is nothing to change."""
    tree = statement.tree
    if statement.kind in ("AlterObjectSchemaStmt", "CommentStmt"):
        kind = tree.get("objectType") or tree.get("objtype")
        if kind != "OBJECT_EXTENSION":
            return
        name = str(tree["object"]["String"]["sval"])
    else:
        name = str(tree["extname"])
    if name == "plpgsql":
        return
    if name in INSTEAD or name not in aurora.EXTENSIONS:
        unit.take_out(statement, f"extension {name}", f"no extension {name} here", hint(name))
        return
    installed = f"exists (select from pg_extension where extname = '{name}')"
    unit.guard(statement, installed, f"there is no extension {name}")
    unit.note(statement.start, f"extension {name}", Treatment.MAPPED, "done where it is installed")


def drop(unit: Unit, statement: Statement, _: Survey) -> None:
    """Let what was never made be dropped: an extension, or what lies in a schema of Supabase."""
    tree = statement.tree
    extension = tree.get("removeType") == "OBJECT_EXTENSION"
    names = [strings(_names(item)) for item in tree.get("objects", ())]
    if tree.get("missing_ok") or not (extension or any(n and n[0] in MANAGED for n in names)):
        return
    tokens = unit.within(statement.start, statement.stop)
    words = takewhile(lambda token: token.kind in _KINDS, tokens[1:])
    last = [*tokens[:1], *words][-1]
    unit.replace(last.stop, last.stop, " if exists")
    unit.note(statement.start, "drop", Treatment.MAPPED, "nothing where it is not")


def _names(item: Tree) -> object:
    return item.get("ObjectWithArgs", {}).get("objname") or item.get("TypeName", {}).get(
        "names", item
    )


def again(unit: Unit, statement: Statement) -> None:
    """Let a body make what the prelude has made already."""
    for tokens in list(deep(unit.within(statement.start, statement.stop)))[1:]:
        plain = code(tokens)
        for made, kind, name in zip(plain, plain[1:], plain[2:], strict=False):
            if made.kind != "CREATE" or name.name not in MANAGED:
                continue
            if kind.kind in ("SCHEMA", "TABLE"):
                unit.replace(kind.stop, kind.stop, " if not exists")
            elif kind.kind == "FUNCTION":
                unit.replace(made.stop, made.stop, " or replace")


def inside_bodies(unit: Unit, statement: Statement) -> None:
    """Do the same to extensions and wrappers that a body makes, alters or comments on."""
    for tokens in list(deep(unit.within(statement.start, statement.stop)))[1:]:
        plain = code(tokens)
        for at, token in enumerate(plain):
            following = plain[at + 1].kind if at + 1 < len(plain) else ""
            condition = _condition(token, following, plain, at)
            end = next((t for t in plain[at:] if t.text == ";"), None)
            if (
                condition
                and end
                and _MARKED not in unit.code[max(0, token.start - 40) : token.start]
            ):
                unit.replace(token.start, token.start, f"if {condition} {_MARKED}")
                unit.replace(end.stop, end.stop, " end if;")
                unit.note(
                    token.start, "extension in a body", Treatment.MAPPED, f"done if {condition}"
                )


def _condition(token: Token, following: str, plain: list[Token], at: int) -> str:
    begins = (
        at == 0
        or plain[at - 1].kind in (";", "ASCII_59", "BEGIN_P", "THEN", "ELSE")
        or (plain[at - 1].text.lower() in ("begin", "then", "else", "loop"))
    )
    if not begins or unguarded(plain):
        return ""
    if token.kind == "EXECUTE" and following == "SCONST":
        made = _IN_BODY.match(plain[at + 1].text.strip("'"))
        return _available_here(made[1].lower()) if made else ""
    if following == "EXTENSION" and token.kind in ("CREATE", "ALTER"):
        names = [t for t in plain[at + 2 : at + 7] if t.kind not in ("IF_P", "NOT", "EXISTS")]
        if token.kind == "ALTER" and names:
            return f"exists (select from pg_extension where extname = '{names[0].name}')"
        return _available_here(names[0].name) if names else ""
    if (token.kind, following) in (
        ("CREATE", "FOREIGN"),
        ("CREATE", "SERVER"),
        ("SECURITY", "LABEL"),
    ):
        return "false"
    return ""


def unguarded(plain: list[Token]) -> bool:
    """Return whether tokens are those that a conversion has put around a statement."""
    words = [token.text.lower() for token in plain[:3]]
    return words == ["begin", "if", "exists"] and any(t.text == "warning" for t in plain)


def _available_here(name: str) -> str:
    return "false" if name in INSTEAD or name not in aurora.EXTENSIONS else _available(name)


def _available(name: str) -> str:
    return f"exists (select from pg_available_extensions where name = '{name}')"


def language(unit: Unit, statement: Statement, _: Survey) -> None:
    """Create a function in a language of an extension where that is; take out what Aurora lacks."""
    options = {o["DefElem"]["defname"]: o["DefElem"] for o in statement.tree.get("options", ())}
    name = str(options.get("language", {}).get("arg", {}).get("String", {}).get("sval", "sql"))
    if name.lower() in TRUSTED:
        return
    if name.lower() not in LANGUAGES:
        why = f"Aurora has no language {name}"
        unit.take_out(
            statement, f"language {name}", why, "write it in PL/pgSQL, or as a function on Lambda"
        )
        return
    known = f"exists (select from pg_language where lanname = '{name.lower()}')"
    unit.guard(statement, known, f"the server has no language {name}")
    unit.note(
        statement.start,
        f"language {name}",
        Treatment.REPORTED,
        "created where it is",
        f"create extension {name} on Aurora before, or write it in PL/pgSQL",
    )


def index(unit: Unit, statement: Statement, _: Survey) -> None:
    """Take out indexes of methods that Aurora lacks."""
    method = str(statement.tree.get("accessMethod", "btree"))
    if method not in INDEXES:
        unit.take_out(
            statement, f"index using {method}", f"Aurora has no index method {method}", hint(method)
        )


def foreign(unit: Unit, statement: Statement, found: Survey) -> None:
    """Take out what reads other systems through a wrapper that Aurora lacks."""
    tree = statement.tree
    why = "this foreign data wrapper is not on Aurora"
    if statement.kind == "CreateFdwStmt":
        found.removed_wrappers.add(str(tree["fdwname"]))
    elif statement.kind == "CreateForeignServerStmt":
        if str(tree["fdwname"]) in _WRAPPERS:
            return
        found.removed_servers.add(str(tree["servername"]))
    elif str(tree.get("servername", tree.get("server_name", ""))) not in found.removed_servers:
        return
    take = unit.erase if tree.get("options") else unit.take_out
    take(statement, "foreign data", why, "read the other system from a function")
