"""Makes a probe of each routine, has the server run them in one message, and reads its answers."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

import msgspec

from readyctl.clients.database import DatabaseSession
from readyctl.clients.sqlwriting import literal, quoted
from readyctl.migrate.examine.catalog import Argument, Catalog, Relation, Routine, Trigger
from readyctl.migrate.examine.plpgsql.probe import DONE, Probe
from readyctl.migrate.examine.plpgsql.reading import read_body
from readyctl.migrate.examine.plpgsql.scope import Known
from readyctl.migrate.examine.plpgsql.tokens import Unreadable
from readyctl.migrate.examine.plpgsql.walk import Walker

# plpgsql_check stands in for polymorphic types in the same way.
_STANDINS = (
    (re.compile(r"\bany(compatible)?(multi)?range\b"), "int4range"),
    (re.compile(r"\bany(compatible)?array\b"), "integer[]"),
    (re.compile(r"\bany(element|nonarray|compatible|compatiblenonarray)\b"), "integer"),
)
_RUN = """
create temporary table readyctl_answers
  (probe integer, state text, message text, detail text, context text);
create function pg_temp.readyctl_run(probe integer, path text, checker text, make text, run text)
returns void language plpgsql as $readyctl$
declare state text; message text; detail text; context text;
begin
  perform pg_catalog.set_config('search_path', path, true);
  begin
    execute checker;
  exception when others then
    get stacked diagnostics state = returned_sqlstate, message = message_text,
      context = pg_exception_context;
    insert into pg_temp.readyctl_answers values (probe, state, message, null, context);
    return;
  end;
  if make is null then return; end if;
  begin
    execute make;
    execute run;
  exception when others then
    get stacked diagnostics state = returned_sqlstate, message = message_text,
      detail = pg_exception_detail, context = pg_exception_context;
    insert into pg_temp.readyctl_answers values (probe, state, message,
      coalesce(detail, ''), context);
  end;
end $readyctl$;
"""


class Said(msgspec.Struct, frozen=True):
    """What the server said of an item: its number, SQLSTATE, message and context."""

    i: int
    s: str
    m: str
    c: str


@dataclass(frozen=True, slots=True)
class Probed:
    """A routine with its probe and what the server answered.

    `compiled` is the server's refusal of the whole routine, `broken` that of the probe. `table` is
    the one that a trigger function was probed for.
    """

    routine: Routine
    probe: Probe = field(default_factory=Probe)
    table: Relation | None = None
    said: tuple[Said, ...] = ()
    compiled: Said | None = None
    broken: Said | None = None


@dataclass(frozen=True, slots=True)
class _Asked:
    routine: Routine
    probe: Probe
    table: Relation | None
    make: str = ""
    run: str = ""


def probe_all(session: DatabaseSession, catalog: Catalog) -> tuple[Probed, ...]:
    """Return every routine in a language that is looked into, with what the server says of it.

    Needs an open transaction, and leaves in it what only rolling back removes.

    Raises:
        Refused, SourceFailure, ConnectionLost: see `DatabaseSession.query`.
    """
    asked = [found for routine in catalog.routines for found in _asked(routine, catalog)]
    calls = "\n".join(
        f"select pg_temp.readyctl_run({number}, {literal(_path(one.routine, catalog))},"
        f" {literal(_checker(one.routine))}, {literal(one.make) if one.make else 'null'},"
        f" {literal(one.run)});"
        for number, one in enumerate(asked)
    )
    session.script(f"{_RUN}set local check_function_bodies = on;\n{calls}")
    rows = session.query(
        "select probe, state, message, detail, context from pg_temp.readyctl_answers"
    )
    answers = {int(row[0]): row[1:] for row in rows}
    return tuple(_probed(one, answers.get(number)) for number, one in enumerate(asked))


def _probed(one: _Asked, answer: Sequence[str | None] | None) -> Probed:
    if answer is None:
        # Every probe answers, so that silence is never taken for a pass.
        silent = Said(0, "00000", "", "") if one.make else None
        return Probed(one.routine, one.probe, one.table, broken=silent)
    state, message, detail, context = (str(part or "") for part in answer)
    if state == DONE:
        said = tuple(msgspec.json.decode(detail, type=list[Said]))
        return Probed(one.routine, one.probe, one.table, said)
    refused = Said(0, state, message, context)
    if answer[2] is None:
        return Probed(one.routine, one.probe, one.table, compiled=refused)
    return Probed(one.routine, one.probe, one.table, broken=refused)


def _asked(routine: Routine, catalog: Catalog) -> Iterator[_Asked]:
    if routine.language == "sql" and not routine.atomic:
        yield _Asked(routine, Probe(), None)
    if routine.language != "plpgsql":
        return
    if routine.result == "trigger":
        yield from _for_triggers(routine, catalog)
    else:
        event = "tg_event text; tg_tag text;" if routine.result == "event_trigger" else ""
        yield _plpgsql(routine, None, event)


def _for_triggers(routine: Routine, catalog: Catalog) -> Iterator[_Asked]:
    tables = catalog.tables()
    mine = [trigger for trigger in catalog.triggers if trigger.function == routine.oid]
    by_table: dict[int, list[Trigger]] = {}
    for trigger in mine:
        by_table.setdefault(trigger.table, []).append(trigger)
    for oid, triggers in by_table.items():
        if oid in tables:
            yield _plpgsql(routine, tables[oid], _variables(tables[oid]), _transition(triggers))
    if not mine:
        yield _plpgsql(routine, None, _variables(None))


def _transition(triggers: Sequence[Trigger]) -> tuple[str, ...]:
    names = {name for t in triggers for name in (t.new_table, t.old_table) if name}
    return tuple(sorted(names))


def _variables(table: Relation | None) -> str:
    row = table.label if table else "record"
    kind = "text := " + (literal(table.name) if table else "null")
    schema = "text := " + (literal(table.schema) if table else "null")
    relation = f"oid := {table.oid}" if table else "oid"
    return (
        f"new {row}; old {row}; tg_name name; tg_when text; tg_level text; tg_op text;"
        f" tg_relid {relation}; tg_relname {kind}; tg_table_name {kind}; tg_table_schema {schema};"
        " tg_nargs integer; tg_argv text[];"
    )


def _plpgsql(
    routine: Routine, table: Relation | None, declared: str, transition: Sequence[str] = ()
) -> _Asked:
    probe = Probe()
    for name in transition:
        label = table.label if table else ""
        probe.lines.append(f"create temporary table {quoted(name)} (like {label});")
    for argument in routine.arguments:
        if argument.name and argument.type == "record":
            probe.scopes.add(argument.name, Known(record=True, loose=True))
    returns = _returns(routine)
    try:
        conflict, block = read_body(routine.body)
        Walker(probe, returns_rows=returns.startswith("returns ")).block(block)
    except Unreadable as error:
        probe.doubt(0, f"its body cannot be read: {error}")
        return _Asked(routine, probe, table)
    name = f"pg_temp.{quoted(routine.name)}"
    body = probe.text(routine.setting("plpgsql.variable_conflict") or conflict, declared)
    arguments = ", ".join(map(_declared, _given(routine)))
    make = f"create function {name}({arguments}) {returns} language plpgsql as {literal(body)}"
    nulls = ", ".join(_null(a) for a in routine.arguments if a.mode in "ibv")
    return _Asked(routine, probe, table, make, f"select from {name}({nulls})")


def _returns(routine: Routine) -> str:
    outputs = any(argument.mode in "obt" for argument in routine.arguments)
    if routine.returns_set and (outputs or routine.result != "SETOF record"):
        return f"returns {_concrete(routine.result)}"
    return "" if outputs else "\nreturns void"


def _given(routine: Routine) -> list[Argument]:
    return [argument for argument in routine.arguments if argument.mode != "t"]


def _declared(argument: Argument) -> str:
    mode = {"i": "in", "o": "out", "b": "inout", "v": "variadic"}[argument.mode]
    name = quoted(argument.name) if argument.name else ""
    return f"{mode} {name} {_concrete(argument.type)}"


def _null(argument: Argument) -> str:
    variadic = "variadic " if argument.mode == "v" else ""
    return f"{variadic}null::{_concrete(argument.type)}"


def _concrete(kind: str) -> str:
    for pattern, standin in _STANDINS:
        kind = pattern.sub(standin, kind)
    return kind


def _path(routine: Routine, catalog: Catalog) -> str:
    path = routine.setting("search_path")
    return catalog.path if path is None else path


def _checker(routine: Routine) -> str:
    validator = "fmgr_sql_validator" if routine.language == "sql" else "plpgsql_validator"
    return f"select pg_catalog.{validator}({routine.oid})"
