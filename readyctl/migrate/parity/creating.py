"""Writes the CREATE of an object from what is known of it, and the DROP."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.migrate.parity.granting import setting_value
from readyctl.migrate.parity.naming import ON_TABLE, column, halves, identifier, role, target, word
from readyctl.model.json import Json
from readyctl.model.schema import Schema, SchemaObject

# What is lost with it does not come back.
_WITH_ROWS = ("table", "column", "attribute", "schema", "sequence", "extension", "role")


def destroys(found: SchemaObject) -> bool:
    """Return whether rows, or what nobody can make again, go with an object."""
    return found.kind in _WITH_ROWS or found.kind in ("subscription", "tablespace")


def dropped(found: SchemaObject, migrator: str) -> str:
    """Return what drops an object; empty where that is not one statement."""
    if found.kind in ("subscription", "database", "parameter", "built-in grants", "row type"):
        return ""
    name, table = halves(found)
    relation, own = column(found) if found.kind in ("column", "attribute") else ("", "")
    part, _, publication = found.identity.rpartition(" in ")
    who, _, server = found.identity.rpartition(" on ")
    words = {
        "constraint": f"alter table {table} drop constraint {name}",
        "domain constraint": f"alter domain {table} drop constraint {name}",
        "column": f"alter table {relation} drop column {own}",
        "attribute": f"alter type {relation} drop attribute {own} cascade",
        "publication table": f"alter publication {publication} drop table {part}",
        "publication schema": f"alter publication {publication} drop tables in schema {part}",
        "user mapping": f"drop user mapping for {role(who, migrator)} server {server}",
        "membership": f"revoke {' from '.join(found.identity.split(' to ', 1))}",
        "role": f"drop role {found.identity}",
        **{kind: f"drop {kind} {name} on {table}" for kind in ON_TABLE if kind != "constraint"},
    }
    return f"{words.get(found.kind, f'drop {target(found)}')};"


def created(found: SchemaObject, schema: Schema) -> str:
    """Return what makes an object without its owner, grants, comment and switches."""
    maker = _MAKERS.get(found.kind)
    return maker(found, schema) if maker else ""


def _definition(found: SchemaObject, _: Schema) -> str:
    return f"{found.attributes['definition']};"


def _view(found: SchemaObject, _: Schema) -> str:
    options = {k[7:]: v for k, v in found.attributes.items() if k.startswith("option ")}
    with_ = ", ".join(f"{name} = {value}" for name, value in options.items())
    text = str(found.attributes["definition"]).rstrip(";")
    begin = "create or replace view" if found.kind == "view" else "create materialized view"
    end = " with no data" if found.attributes.get("unpopulated") else ""
    place = f" with ({with_})" if with_ else ""
    return f"{begin} {found.identity}{place} as\n{text}{end};"


def _constraint(found: SchemaObject, _: Schema) -> str:
    name, table = halves(found)
    kind = "domain" if found.kind == "domain constraint" else "table"
    return f"alter {kind} {table} add constraint {name} {found.attributes['definition']};"


def _policy(found: SchemaObject, schema: Schema) -> str:
    a = found.attributes
    parts = [f"create policy {' on '.join(halves(found))}"]
    parts += ["as restrictive"] if a.get("restrictive") else []
    parts += [f"for {a['command']} to {policy_roles(a.get('roles'), schema)}"]
    parts += [f"using ({a['using']})"] if "using" in a else []
    parts += [f"with check ({a['check']})"] if "check" in a else []
    return f"{' '.join(parts)};"


def policy_roles(names: Json, schema: Schema) -> str:
    """Return the roles of a policy as SQL takes them."""
    given = names if isinstance(names, list) else []
    return ", ".join(role(str(name), schema.migrator) for name in given)


def _routine(found: SchemaObject, __: Schema) -> str:
    a = found.attributes
    name = found.identity[: found.identity.index("(")]
    if str(a.get("body", "")).startswith("sha256 ") or a.get("library") or "language" not in a:
        return ""
    lines = [f"create or replace {word(found.kind)} {name}({a.get('arguments', '')})"]
    lines += [f" returns {a['result']}"] if "result" in a else []
    lines += [f" language {identifier(str(a['language']))}{''.join(_traits(a))}"]
    for entry in _list(a.get("configuration")):
        setting, _, value = str(entry).partition("=")
        lines.append(f" set {setting} to {setting_value(setting, value)}")
    if "definition" in a:
        return "\n".join(lines) + f"\n{a['definition']};"
    body = str(a.get("body", ""))
    mark = "$body$" if "$body$" not in body else "$readyctl_body$"
    return "\n".join(lines) + f"\n as {mark}{body}{mark};"


def _traits(a: object) -> Iterator[str]:
    given = a if isinstance(a, dict) else {}
    if given.get("volatility"):
        yield f" {given['volatility']}"
    words = {"strict": "strict", "security_definer": "security definer", "leakproof": "leakproof"}
    yield from (f" {word_}" for name, word_ in words.items() if given.get(name))
    for name in ("parallel", "cost", "rows", "support"):
        if name in given:
            yield f" {name} {given[name]}"
    transforms = _list(given.get("transforms"))
    if transforms:
        yield " transform " + ", ".join(f"for type {name}" for name in transforms)


def _sequence(found: SchemaObject, _: Schema) -> str:
    unlogged = "unlogged " if found.attributes.get("unlogged") else ""
    return f"create {unlogged}sequence {found.identity}{sequence_options(found)};"


def sequence_options(found: SchemaObject) -> str:
    """Return the options of a sequence as CREATE and ALTER take them, the usual ones too."""
    a = found.attributes
    text = f" as {a['type']}" if "type" in a else ""
    text += f" increment by {a.get('increment', 1)}"
    text += f" minvalue {a['minimum']}" if "minimum" in a else " no minvalue"
    text += f" maxvalue {a['maximum']}" if "maximum" in a else " no maxvalue"
    text += f" start with {a['start']}" if "start" in a else ""
    text += f" cache {a.get('cache', 1)}"
    return text + (" cycle" if a.get("cycle") else " no cycle")


def _type(found: SchemaObject, schema: Schema) -> str:
    a = found.attributes
    if found.kind == "enum":
        labels = ", ".join("'" + str(v).replace("'", "''") + "'" for v in _list(a.get("labels")))
        return f"create type {found.identity} as enum ({labels});"
    if a.get("variant") != "composite":
        return ""
    columns = ", ".join(column_sql(child) for child in children(schema, found, "attribute"))
    return f"create type {found.identity} as ({columns});"


def _domain(found: SchemaObject, schema: Schema) -> str:
    a = found.attributes
    text = f"create domain {found.identity} as {a['base_type']}"
    text += f" collate {a['collation']}" if "collation" in a else ""
    text += f" default {a['default']}" if "default" in a else ""
    text += " not null" if a.get("not_null") else ""
    checks = (_constraint(child, schema) for child in children(schema, found, "domain constraint"))
    return " ".join((f"{text};", *checks))


def _table(found: SchemaObject, schema: Schema) -> str:
    a = found.attributes
    begin = f"create {'unlogged ' if a.get('unlogged') else ''}table {found.identity}"
    access = f" using {a['access_method']}" if "access_method" in a else ""
    if "of_type" in a:
        return f"{begin} of {a['of_type']}{access};"
    parents = _list(a.get("inherits"))
    if "partition_bound" in a:
        end = f" partition by {a['partition_key']}" if "partition_key" in a else ""
        return f"{begin} partition of {parents[0]} {a['partition_bound']}{end}{access};"
    columns = children(schema, found, "column")
    own = [c for c in columns if len(c.parents) == 1]
    text = f"{begin} ({', '.join(column_sql(child) for child in own)})"
    text += f" inherits ({', '.join(map(str, parents))})" if parents else ""
    text += f" partition by {a['partition_key']}" if "partition_key" in a else ""
    return f"{text}{access};"


def column_sql(found: SchemaObject) -> str:
    """Return a column as CREATE TABLE and ADD COLUMN take it."""
    a = found.attributes
    _, own = column(found)
    text = f"{own} {a['type']}"
    text += f" collate {a['collation']}" if "collation" in a else ""
    if "generated" in a:
        kind, _, expression = str(a["generated"]).partition(": ")
        text += f" generated always as ({expression}) {kind}"
    elif "identity_column" in a:
        text += f" {identity_sql(found)}"
    elif "default" in a:
        text += f" default {a['default']}"
    return text + (" not null" if a.get("not_null") else "")


def identity_sql(found: SchemaObject) -> str:
    """Return how a column makes its numbers, as ADD GENERATED takes it."""
    a = found.attributes
    prefix = f"sequence {a.get('identity_sequence')} "
    given = {k.removeprefix(prefix): v for k, v in a.items() if k.startswith(prefix)}
    made = SchemaObject("sequence", "", {k: v for k, v in given.items() if k != "type"})
    options = f"sequence name {a.get('identity_sequence')}{sequence_options(made)}"
    return f"generated {a['identity_column']} as identity ({options})"


def _column(found: SchemaObject, _: Schema) -> str:
    relation, _own = column(found)
    if found.kind == "attribute":
        return f"alter type {relation} add attribute {column_sql(found)} cascade;"
    if not found.parents[0].startswith("table "):
        return ""
    return f"alter table {relation} add column {column_sql(found)};"


def children(schema: Schema, found: SchemaObject, *kinds: str) -> list[SchemaObject]:
    """Return what is a part of an object, in the order of columns where it has any."""
    parts = [o for o in schema.objects.values() if o.kind in kinds and found.key in o.parents[:1]]
    order = [f"{found.identity}.{name}" for name in _list(found.attributes.get("column_order"))]
    if order:
        parts.sort(key=lambda o: order.index(o.identity) if o.identity in order else len(order))
    return parts


def _event_trigger(found: SchemaObject, _: Schema) -> str:
    a = found.attributes
    tags = ", ".join(f"'{tag}'" for tag in _list(a.get("tags")))
    when = f" when tag in ({tags})" if tags else ""
    return (
        f"create event trigger {found.identity} on {a['event']}{when}"
        f" execute function {a['function']}();"
    )


def publication_options(found: SchemaObject) -> str:
    """Return the options of a publication as CREATE and ALTER take them."""
    a = found.attributes
    root = "true" if a.get("via_root") else "false"
    generated = ", publish_generated_columns = stored" if "generated_columns" in a else ""
    publishes = a.get("publishes", "")
    return f"(publish = '{publishes}', publish_via_partition_root = {root}{generated})"


def _publication(found: SchemaObject, schema: Schema) -> str:
    everything = " for all tables" if found.attributes.get("all_tables") else ""
    text = f"create publication {found.identity}{everything} with {publication_options(found)};"
    parts = children(schema, found, "publication table", "publication schema")
    return " ".join((text, *(_published(part, schema) for part in parts)))


def _published(found: SchemaObject, __: Schema) -> str:
    name, _, publication = found.identity.rpartition(" in ")
    if found.kind == "publication schema":
        return f"alter publication {publication} add tables in schema {name};"
    columns = ", ".join(map(str, _list(found.attributes.get("columns"))))
    text = f"alter publication {publication} add table {name}"
    text += f" ({columns})" if columns else ""
    rows = found.attributes.get("rows")
    return f"{text} where ({rows});" if rows else f"{text};"


def _extension(found: SchemaObject, _: Schema) -> str:
    a = found.attributes
    return f"create extension {found.identity} schema {a['schema']} version '{a['version']}';"


def _cast(found: SchemaObject, _: Schema) -> str:
    a = found.attributes
    how = f"with function {a['function']}" if "function" in a else ""
    how = how or ("with inout" if a.get("method") == "inout" else "without function")
    context = f" as {a['context']}" if "context" in a else ""
    return f"create cast {found.identity} {how}{context};"


def _membership(found: SchemaObject, _: Schema) -> str:
    admin = " with admin option" if found.attributes.get("admin") else ""
    return f"grant {found.identity}{admin};"


def _named(found: SchemaObject, _: Schema) -> str:
    return f"create {found.kind} {found.identity};"


def _list(value: Json) -> list[Json]:
    return list(value) if isinstance(value, list) else []


_MAKERS = {
    "schema": _named,
    "role": _named,
    "table": _table,
    "column": _column,
    "attribute": _column,
    "view": _view,
    "materialized view": _view,
    "constraint": _constraint,
    "domain constraint": _constraint,
    "index": _definition,
    "trigger": _definition,
    "rule": _definition,
    "statistics": _definition,
    "policy": _policy,
    "function": _routine,
    "procedure": _routine,
    "sequence": _sequence,
    "enum": _type,
    "type": _type,
    "domain": _domain,
    "event trigger": _event_trigger,
    "publication": _publication,
    "publication table": _published,
    "publication schema": _published,
    "extension": _extension,
    "cast": _cast,
    "membership": _membership,
}
