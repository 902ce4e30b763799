"""Writes the ALTER that gives one attribute of an object its expected value."""

from __future__ import annotations

from readyctl.migrate.parity.creating import policy_roles, publication_options, sequence_options
from readyctl.migrate.parity.granting import role_sql, setting_sql, setting_value
from readyctl.migrate.parity.naming import column, halves, literal, target
from readyctl.model.json import Json
from readyctl.model.schema import Schema, SchemaObject

_SWITCHED = {None: "enable", "disabled": "disable", "replica": "enable replica"}
_SWITCHED |= {"always": "enable always"}
_TRAITS = {
    "strict": ("strict", "called on null input"),
    "security_definer": ("security definer", "security invoker"),
    "leakproof": ("leakproof", "not leakproof"),
}
_ROUTINE = {"volatility": "volatile", "parallel": "parallel unsafe"}


def altered(found: SchemaObject, name: str, value: Json, schema: Schema, database: str) -> str:
    """Return what gives an object an attribute; None is the default; empty where nothing does."""
    if name.startswith("option ") and found.kind != "column":
        return _option(found, name[7:], value)
    if name == "depends_on_extension":
        return ""
    maker = _MAKERS.get(found.kind)
    if found.kind in ("setting", "cluster setting"):
        return setting_sql(found, value, database, schema.migrator)
    if found.kind == "role":
        return role_sql(found.identity, name, value, schema.migrator)
    return maker(found, name, value) if maker else ""


def labels_sql(wanted: SchemaObject, there: SchemaObject) -> str:
    """Return what adds or renames labels of an enum; one too many cannot be taken away."""
    given = [_labels(found) for found in (wanted, there)]
    expected, live = given
    begin = f"alter type {wanted.identity}"
    if len(expected) == len(live):
        changed = [(a, b) for a, b in zip(live, expected, strict=True) if a != b]
        fresh = {b for _, b in changed}
        if not fresh & set(live):
            renames = (f"{begin} rename value {literal(a)} to {literal(b)};" for a, b in changed)
            return " ".join(renames)
    if [label for label in expected if label in live] != live:
        return ""
    lines = []
    for before, label in zip([None, *expected], expected, strict=False):
        if label not in live:
            first = f" before {literal(live[0])}" if live else ""
            place = first if before is None else f" after {literal(before)}"
            lines.append(f"{begin} add value {literal(label)}{place};")
    return " ".join(lines)


def _labels(found: SchemaObject) -> list[str]:
    labels = found.attributes.get("labels")
    return [str(label) for label in labels] if isinstance(labels, list) else []


def _option(found: SchemaObject, name: str, value: Json) -> str:
    if found.kind not in ("table", "view", "materialized view", "index"):
        return ""
    if value is None:
        return f"alter {target(found)} reset ({name});"
    return f"alter {target(found)} set ({name} = {literal(str(value))});"


def _table(found: SchemaObject, name: str, value: Json) -> str:
    begin = f"alter {target(found)}"
    if name == "inherits":
        attached = "partition_bound" in found.attributes
        parents = value if isinstance(value, list) and not attached else ()
        return " ".join(f"{begin} inherit {parent};" for parent in parents)
    if name == "unpopulated":
        return f"refresh {target(found)}{' with no data' if value else ''};"
    # An index of the table is named without its schema.
    index = f"using index {str(value).rpartition('.')[2]}" if "." in str(value) else value
    words = {
        "unlogged": "set unlogged" if value else "set logged",
        "row_security": f"{'enable' if value else 'disable'} row level security",
        "force_row_security": f"{'force' if value else 'no force'} row level security",
        "replica_identity": f"replica identity {index or 'default'}",
        "of_type": f"of {value}" if value else "not of",
        "access_method": f"set access method {value or 'heap'}",
        "tablespace": f"set tablespace {value or 'pg_default'}",
    }
    return f"{begin} {words[name]};" if name in words else ""


def _column(found: SchemaObject, name: str, value: Json) -> str:
    relation, own = column(found)
    kind = found.parents[0][: -len(relation) - 1]
    begin = f"alter {kind} {relation} alter column {own}"
    if name.startswith("sequence "):
        return _identity(found, begin)
    if name.startswith("option "):
        what = f"set ({name[7:]} = {value})" if value is not None else f"reset ({name[7:]})"
        return f"{begin} {what};"
    type_, collation = found.attributes["type"], found.attributes.get("collation")
    retyped = f"type {type_}{f' collate {collation}' if collation else ''} using {own}::{type_}"
    words = {
        "type": retyped,
        "collation": retyped,
        "identity_column": f"set generated {value}" if value else "drop identity",
        "not_null": "set not null" if value else "drop not null",
        "default": f"set default {value}" if value is not None else "drop default",
        "compression": f"set compression {value or 'default'}",
        "statistics_target": f"set statistics {-1 if value is None else value}",
    }
    if value is not None:
        # The usual storage has no word before PostgreSQL 16.
        words["storage"] = f"set storage {value}"
    return f"{begin} {words[name]};" if name in words else ""


def _identity(found: SchemaObject, begin: str) -> str:
    a = found.attributes
    prefix = f"sequence {a.get('identity_sequence')} "
    if "identity_sequence" not in a:
        return ""
    given = {k.removeprefix(prefix): v for k, v in a.items() if k.startswith(prefix)}
    made = SchemaObject("sequence", "", {"start": 1, **given})
    options = sequence_options(made).replace(" no m", " set no m")
    for word in ("increment", "minvalue", "maxvalue", "start", "cache"):
        options = options.replace(f" {word} ", f" set {word} ").replace("set no set", "set no")
    return f"{begin}{options.replace(' no cycle', ' set no cycle').replace(' set set', ' set')};"


def _index(found: SchemaObject, name: str, value: Json) -> str:
    table = found.parents[0].split(" ", 1)[1].removeprefix("view ")
    own = found.identity.rpartition(".")[2]
    if name == "clustered":
        end = f"cluster on {own}" if value else "set without cluster"
        return f"alter table {table} {end};"
    if name in ("invalid", "not_ready", "not_live"):
        return "" if value else f"reindex index {found.identity};"
    if name == "statistics_targets" and isinstance(value, list):
        begin = f"alter index {found.identity} alter column"
        targets = (str(entry).split() for entry in value)
        return " ".join(f"{begin} {number} set statistics {aim};" for number, aim in targets)
    if name == "tablespace":
        return f"alter index {found.identity} set tablespace {value or 'pg_default'};"
    return ""


def _sequence(found: SchemaObject, name: str, value: Json) -> str:
    if name == "owned_by":
        return f"alter sequence {found.identity} owned by {value or 'none'};"
    if name == "unlogged":
        return f"alter sequence {found.identity} set {'un' if value else ''}logged;"
    made = found
    if "type" not in found.attributes:
        made = SchemaObject("sequence", "", {"type": "bigint", **found.attributes})
    if "start" not in made.attributes:
        # The lowest is where it starts, unless it counts down.
        first = made.attributes.get("minimum", 1)
        made = SchemaObject("sequence", "", {"start": first, **made.attributes})
    return f"alter sequence {found.identity}{sequence_options(made)};"


def _switch(found: SchemaObject, name: str, value: Json) -> str:
    if name != "enabled" or (value is not None and not isinstance(value, str)):
        return ""
    if found.kind == "event trigger":
        return f"alter event trigger {found.identity} {_SWITCHED[value]};"
    own, table = halves(found)
    return f"alter table {table} {_SWITCHED[value]} {found.kind} {own};"


def _policy(found: SchemaObject, name: str, value: Json) -> str:
    begin = f"alter policy {' on '.join(halves(found))}"
    if name in ("using", "check") and value is not None:
        return f"{begin} {'using' if name == 'using' else 'with check'} ({value});"
    return ""


def policy_to(found: SchemaObject, schema: Schema) -> str:
    """Return what gives a policy to its roles."""
    names = policy_roles(found.attributes.get("roles"), schema)
    return f"alter policy {' on '.join(halves(found))} to {names};"


def _routine(found: SchemaObject, name: str, value: Json) -> str:
    begin = f"alter {target(found)}"
    if name in _TRAITS:
        return f"{begin} {_TRAITS[name][0 if value else 1]};"
    if name == "volatility":
        return f"{begin} {value or 'volatile'};"
    if name == "parallel":
        return f"{begin} parallel {value or 'unsafe'};"
    if name in ("cost", "rows"):
        compiled = found.attributes.get("language") in ("c", "internal")
        usual = 1000 if name == "rows" else (1 if compiled else 100)
        return f"{begin} {name} {usual if value is None else value};"
    if name == "configuration":
        lines = [f"{begin} reset all;"]
        for entry in value if isinstance(value, list) else ():
            setting, _, text = str(entry).partition("=")
            lines.append(f"{begin} set {setting} to {setting_value(setting, text)};")
        return " ".join(lines)
    return ""


def _domain(found: SchemaObject, name: str, value: Json) -> str:
    begin = f"alter domain {found.identity}"
    if name == "not_null":
        return f"{begin} {'set' if value else 'drop'} not null;"
    if name == "default":
        return f"{begin} drop default;" if value is None else f"{begin} set default {value};"
    return ""


def _extension(found: SchemaObject, name: str, value: Json) -> str:
    if name == "version":
        return f"alter extension {found.identity} update to '{value}';"
    return f"alter extension {found.identity} set schema {value};" if name == "schema" else ""


def _publication(found: SchemaObject, name: str, _: Json) -> str:
    if name == "all_tables":
        return ""
    return f"alter publication {found.identity} set {publication_options(found)};"


def _subscription(found: SchemaObject, name: str, value: Json) -> str:
    if name != "disabled":
        return ""
    return f"alter subscription {found.identity} {'disable' if value else 'enable'};"


def _statistics(found: SchemaObject, name: str, value: Json) -> str:
    if name != "statistics_target":
        return ""
    return f"alter statistics {found.identity} set statistics {-1 if value is None else value};"


def _database(_: SchemaObject, __: str, ___: Json) -> str:
    return ""


def _operator(found: SchemaObject, name: str, value: Json) -> str:
    if name not in ("restrict", "join"):
        return ""
    spaced = found.identity.replace("(", " (", 1)
    return f"alter operator {spaced} set ({name} = {value or 'none'});"


_MAKERS = {
    "table": _table,
    "foreign table": _table,
    "materialized view": _table,
    "column": _column,
    "index": _index,
    "sequence": _sequence,
    "trigger": _switch,
    "rule": _switch,
    "event trigger": _switch,
    "policy": _policy,
    "function": _routine,
    "procedure": _routine,
    "domain": _domain,
    "extension": _extension,
    "publication": _publication,
    "subscription": _subscription,
    "statistics": _statistics,
    "operator": _operator,
}
