"""Rule `triggers-executable`: a row goes in, is changed and taken out again, and is rolled back."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import msgspec

from readyctl.clients.database import DatabaseSession
from readyctl.migrate.examine.catalog import Catalog, Relation, Routine, Trigger
from readyctl.migrate.examine.examination import examination
from readyctl.migrate.examine.names import Names
from readyctl.migrate.examine.places import Places
from readyctl.migrate.examine.plpgsql.contents import leaves_out
from readyctl.migrate.examine.rows import Rows, read_rows
from readyctl.migrate.examine.transaction import rolled_back
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Undecided
from readyctl.model.status import Severity

# Why a row that a trigger refuses on purpose decides nothing by itself.
RAISED = "a trigger raises an error of its own about the row that was tried"
NAME = "triggers-executable"
_FIRED = "RDY02"
_INSERT, _DELETE, _UPDATE = 4, 8, 16
_FUNCTION = re.compile(r"^PL/pgSQL function (\S+?)\([^\n]*\) line (\d+) at (.+)$", re.MULTILINE)
# The answer of each step: what was done, SQLSTATE or nothing, message, the table that refused, the
# column or constraint that did, and the context.
_FIRE = f"""
create function pg_temp.readyctl_fire(prepare text[], steps text[][], returning_row boolean)
returns text language plpgsql as $readyctl$
declare
  said jsonb := '[]'; place tid; leaf oid; step text[]; found text; state text; message text;
  about text; part text; refused text; context text;
begin
  foreach found in array prepare loop execute found; end loop;
  foreach step slice 1 in array steps loop
    begin
      if step[1] <> 'INSERT' then
        if leaf is null then continue; end if;
        found := step[2] || format(' where ctid = %L and tableoid = %s', place, leaf);
      else
        found := step[2];
      end if;
      if returning_row and step[1] <> 'DELETE' then
        execute found || ' returning ctid, tableoid' into place, leaf;
      else
        execute found;
      end if;
      set constraints all immediate;
      set constraints all deferred;
      said := said || pg_catalog.jsonb_build_array(
        pg_catalog.jsonb_build_array(step[1], case when returning_row and leaf is null
        then 'none' else '' end, '', '', '', ''));
    exception when others then
      get stacked diagnostics state = returned_sqlstate, message = message_text,
        about = table_name, context = pg_exception_context,
        part = column_name, refused = constraint_name;
      said := said || pg_catalog.jsonb_build_array(
        pg_catalog.jsonb_build_array(step[1], state, message, about,
          case part when '' then refused else part end, context));
    end;
  end loop;
  raise exception using errcode = '{_FIRED}', message = said::text;
exception when sqlstate '{_FIRED}' then return sqlerrm;
when others then return pg_catalog.jsonb_build_array(
  pg_catalog.jsonb_build_array('PREPARE', sqlstate, '', '', '', ''))::text;
end $readyctl$;
"""

Answer = tuple[str, str, str, str, str, str]


def examine_triggers(session: DatabaseSession, catalog: Catalog, places: Places) -> Examination:
    """Return the triggers that make an insert, update or delete of their table fail.

    Meant for a database that nobody uses: constraints on values are dropped for each row that is
    tried, and all of it is rolled back, but a trigger may reach beyond the database, and locks
    are held meanwhile.

    Raises:
        Refused, SourceFailure, ConnectionLost: see `DatabaseSession.query`.
    """
    found: list[Flaw | Undecided] = []
    tables = list(_with_triggers(catalog))
    with rolled_back(session, "set local search_path = '';", _FIRE):
        rows = read_rows(session)
        session.query("select set_config('search_path', %s, true)", [catalog.path])
        judge = _Judge(catalog, places, rows)
        for table, triggers in tables:
            answers = [*_tried(session, rows, table, triggers, full=True)]
            answers += _tried(session, rows, table, triggers, full=False)
            found += judge.judged(table, triggers, answers)
    unknown = [entry for entry in found if isinstance(entry, Undecided)]
    flaws = [entry for entry in found if isinstance(entry, Flaw)]
    decided = len(tables) - len({entry.what for entry in unknown})
    return examination(NAME, "tables with triggers", flaws, decided, unknown)


def _with_triggers(catalog: Catalog) -> Iterator[tuple[Relation, list[Trigger]]]:
    for relation in catalog.relations:
        mine = [
            trigger
            for trigger in catalog.triggers
            if trigger.table == relation.oid
            and trigger.enabled in ("O", "A")
            and trigger.bits & (_INSERT | _UPDATE | _DELETE)
        ]
        if mine and relation.kind in ("r", "p", "v") and not relation.partition:
            yield relation, mine


def _tried(
    session: DatabaseSession,
    rows: Rows,
    table: Relation,
    triggers: Sequence[Trigger],
    *,
    full: bool,
) -> list[Answer]:
    bits = 0
    for trigger in triggers:
        bits |= trigger.bits
    steps = [["INSERT", rows.insert(table.oid, full=full)]]
    if bits & _UPDATE and table.kind != "v":
        updates = [rows.update(table.oid, changed=changed) for changed in (False, True)]
        steps += [["UPDATE", update] for update in updates if update]
    if bits & _DELETE and table.kind != "v":
        steps.append(["DELETE", f"delete from {table.label}"])
    ((text,),) = session.query(
        "select pg_temp.readyctl_fire(%s, %s, %s)",
        [rows.prepared(table.oid), steps, table.kind != "v"],
    )
    return msgspec.json.decode(str(text), type=list[Answer])


class _Judge:
    """Tells a trigger that cannot work from one that refuses, and from a row that does not fit."""

    def __init__(self, catalog: Catalog, places: Places, rows: Rows) -> None:
        self._catalog = catalog
        self._rows = rows
        self._places = places
        self._names = Names(catalog)

    def judged(
        self, table: Relation, triggers: Sequence[Trigger], answers: Sequence[Answer]
    ) -> Iterator[Flaw | Undecided]:
        """Return flaws of a table's triggers, and what no row that was tried could decide."""
        flaws: dict[tuple[str, ...], Flaw] = {}
        for answer in answers:
            if self._broken(answer, table):
                flaws.setdefault(answer[1:3], self._flaw(table, triggers, answer))
        yield from flaws.values()
        worked = {step for step, state, *_ in answers if not state}
        for step, state, *_, context in answers:
            if step not in worked and not flaws:
                yield Undecided(table.label, _reason(step, state, context))

    def _broken(self, answer: Answer, table: Relation) -> bool:
        _, state, _, about, part, context = answer
        functions = _FUNCTION.findall(context)
        if len(functions) < 2 or functions[0][2].startswith("RAISE"):
            return False
        if state == "23502":
            # Another row could give a value that is computed, and not one that is left out.
            routine = self._routine(functions[0][0])
            return about != table.name and bool(routine and leaves_out(routine.body, about, part))
        if state == "23503":
            # The row that it refers to is this one, which is not there yet.
            return self._refers(about, part, table)
        return (state.startswith("42") and state not in ("42501", "42P17")) or state == "3F000"

    def _refers(self, name: str, constraint: str, table: Relation) -> bool:
        return any(
            parent.parent == table.oid and parent.name.strip('"') == constraint
            for other in self._rows.tables.values()
            if other.label.endswith(f".{name}")
            for parent in other.parents
        )

    def _flaw(self, table: Relation, triggers: Sequence[Trigger], answer: Answer) -> Flaw:
        step, state, message, _, _, context = answer
        # From the inside out; the last one is ours.
        functions = _FUNCTION.findall(context)[:-1]
        outer, inner = functions[-1], functions[0]
        routine = self._routine(inner[0])
        name = next((t.name for t in triggers if self._is(t, outer[0])), "a trigger")
        file, line = self._places.of(routine, int(inner[1])) if routine else ("", 0)
        within = "" if inner is outer else f" -> {inner[0]}()"
        near = self._names.nearest(message)
        verb = {"INSERT": "an insert into", "UPDATE": "an update of", "DELETE": "a delete from"}
        return Flaw(
            NAME,
            Severity.BLOCKER,
            f"{verb[step]} {table.label} fails in trigger {name} -> {outer[0]}(){within}: {message}"
            f" ({state}) at line {inner[1]}",
            object=table.label,
            file=file,
            line=line,
            hint=f"the nearest that exists is {near}" if near else "correct the function",
        )

    def _routine(self, written: str) -> Routine | None:
        name = written.rpartition(".")[2].strip('"')
        return next((r for r in self._catalog.routines if r.name == name), None)

    def _is(self, trigger: Trigger, written: str) -> bool:
        name = written.rpartition(".")[2].strip('"')
        return any(r.oid == trigger.function and r.name == name for r in self._catalog.routines)


def _reason(step: str, state: str, context: str) -> str:
    if state == "none":
        return f"{step}: a trigger takes the row back"
    functions = _FUNCTION.findall(context)
    if len(functions) > 1 and functions[0][2].startswith("RAISE"):
        return f"{step}: {RAISED} (SQLSTATE {state})"
    if len(functions) > 1:
        return f"{step}: a trigger refuses the row that was tried (SQLSTATE {state})"
    return f"{step}: no row could be made (SQLSTATE {state})"
