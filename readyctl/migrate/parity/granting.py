"""Writes GRANT, REVOKE, OWNER and COMMENT for objects of every kind."""

from __future__ import annotations

from readyctl.migrate.catalog.grants import GRANTABLE, OWNER, PREFIX
from readyctl.migrate.parity.naming import (
    ON_TABLE,
    column,
    granted_on,
    halves,
    identifier,
    literal,
    role,
    target,
)
from readyctl.model.json import Json
from readyctl.model.schema import SchemaObject


def owner_sql(found: SchemaObject, name: Json, migrator: str) -> str:
    """Return what gives an object to its owner; empty where SQL cannot."""
    if found.kind == "extension" or name is None:
        return ""
    return f"alter {target(found)} owner to {role(str(name), migrator)};"


def comment_sql(found: SchemaObject, text: Json) -> str:
    """Return what comments an object, or takes its comment away."""
    place = target(found)
    if found.kind in ON_TABLE:
        place = f"{found.kind} {' on '.join(halves(found))}"
    elif found.kind == "domain constraint":
        place = f"constraint {' on domain '.join(halves(found))}"
    elif found.kind in ("column", "attribute"):
        place = f"column {'.'.join(column(found))}"
    return f"comment on {place} is {'null' if text is None else literal(str(text))};"


def grant_sql(found: SchemaObject, attribute: str, words: Json, owner: str, migrator: str) -> str:
    """Return what gives a role exactly what it should have; empty where another one granted it."""
    who = attribute.removeprefix(PREFIX)
    if " by " in who:
        return ""
    name = role(owner if who == OWNER else who, migrator)
    if found.kind == "default privileges":
        return _default_privileges(found, words, name, migrator)
    place, columns = granted_on(found), ""
    if found.kind == "column":
        table, own = column(found)
        place, columns = f"table {table}", f" ({own})"
    elif found.identity.startswith("column ") and found.kind == "built-in grants":
        table, _, own = found.identity.removeprefix("column ").rpartition(".")
        place, columns = f"table {table}", f" ({own})"
    lines = [f"revoke all{columns} on {place} from {name};"]
    if words is None and who == OWNER:
        lines.append(f"grant all on {place} to {name};")
    lines += _granted(words, place, columns, name)
    return " ".join(lines)


def _granted(words: Json, place: str, columns: str, name: str) -> list[str]:
    given = list(map(str, words)) if isinstance(words, list) else []
    plain = [f"{w}{columns}" for w in given if not w.endswith(GRANTABLE)]
    more = [f"{w.removesuffix(GRANTABLE)}{columns}" for w in given if w.endswith(GRANTABLE)]
    lines = [f"grant {', '.join(plain)} on {place} to {name};"] if plain else []
    if more:
        lines.append(f"grant {', '.join(more)} on {place} to {name} with grant option;")
    return lines


def _default_privileges(found: SchemaObject, words: Json, name: str, migrator: str) -> str:
    whose, _, objects = found.identity.removeprefix("of ").rpartition(" on ")
    owner, _, schema = whose.partition(" in schema ")
    begin = f"alter default privileges for role {role(owner, migrator)}"
    begin += f" in schema {schema}" if schema else ""
    lines = [f"revoke all on {objects} from {name};"]
    lines += _granted(words, objects, "", name)
    return " ".join(f"{begin} {line}" for line in lines)


def default_privileges_sql(found: SchemaObject, migrator: str, *, usual: bool) -> str:
    """Return what brings default privileges about, or with `usual` what takes them back."""
    whose, _, objects = found.identity.removeprefix("of ").rpartition(" on ")
    owner = whose.partition(" in schema ")[0]
    given = {name: words for name, words in found.attributes.items() if name.startswith(PREFIX)}
    public = f"{PREFIX}public"
    of_public = {"functions": ["EXECUTE"], "types": ["USAGE"]}.get(objects)
    if of_public and " in schema " not in whose:
        # What everybody may without any of it.
        given.setdefault(public, None if not usual else of_public)
    wanted = {
        name: words if not usual or (name == public and words == of_public) else None
        for name, words in given.items()
        if name != f"{PREFIX}{OWNER}"
    }
    lines = (grant_sql(found, name, words, owner, migrator) for name, words in wanted.items())
    return " ".join(line for line in lines if line)


def role_sql(name: str, attribute: str, value: Json, migrator: str) -> str:
    """Return what gives a role an attribute."""
    words = {
        "superuser": ("superuser", "nosuperuser"),
        "no_inherit": ("noinherit", "inherit"),
        "create_role": ("createrole", "nocreaterole"),
        "create_database": ("createdb", "nocreatedb"),
        "login": ("login", "nologin"),
        "replication": ("replication", "noreplication"),
        "bypass_rls": ("bypassrls", "nobypassrls"),
    }
    begin = f"alter role {role(name.strip(chr(34)), migrator)}"
    if attribute in words:
        return f"{begin} {words[attribute][0 if value else 1]};"
    if attribute == "connection_limit":
        return f"{begin} connection limit {-1 if value is None else value};"
    if attribute == "valid_until":
        return f"{begin} valid until {literal('infinity' if value is None else str(value))};"
    return ""


def setting_sql(found: SchemaObject, value: Json, database: str, migrator: str) -> str:
    """Return what sets or resets a setting; empty where only a digest of its value is known."""
    name, _, whose = found.identity.partition(" of ")
    place = f"database {identifier(database)}"
    if whose.startswith(("role ", "every role")):
        who = whose.removesuffix(" in this database").removeprefix("role ")
        place = "role all" if whose.startswith("every") else f"role {role(who, migrator)}"
        if found.kind == "setting":
            place += f" in database {identifier(database)}"
    if value is None:
        return f"alter {place} reset {name};"
    if str(value).startswith("sha256 "):
        return ""
    return f"alter {place} set {name} = {setting_value(name, str(value))};"


def setting_value(name: str, value: str) -> str:
    """Return the value of a setting as SET takes it; lists are quoted within already."""
    lists = ("search_path", "temp_tablespaces", "session_preload_libraries")
    return value if name in lists and value not in ("", '""') else literal(value.strip('"'))
