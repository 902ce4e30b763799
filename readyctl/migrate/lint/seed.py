"""Rules about rows that migrations insert: whether a second run, or another database, agrees."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain

from readyctl.migrate.lint.nodes import calls, integer, relation, shown, text
from readyctl.migrate.lint.rule import Found, rule
from readyctl.migrate.lint.schema import Schema, Table
from readyctl.migrate.lint.step import Step, Tree
from readyctl.model.status import Severity

_RANDOM = {
    *("gen_random_uuid", "uuid_generate_v1", "uuid_generate_v4", "uuidv4", "uuidv7", "random"),
    *("gen_random_bytes", "random_bytes"),
}
_TIME = {
    *("now", "clock_timestamp", "transaction_timestamp", "statement_timestamp"),
    *("current_timestamp", "localtimestamp", "current_date"),
}
_LAST = {"currval", "lastval"}


def _repeated(step: Step, schema: Schema) -> Iterator[Found]:
    if step.kind != "InsertStmt" or not step.tree.get("relation"):
        return
    name = relation(step.tree["relation"])
    # What is made in the same file is empty: the file as a whole is repeated, or not at all.
    table = schema.tables.get(name)
    if not schema.existing(name, step) or step.nested:
        return
    conflict = step.tree.get("onConflictClause")
    if conflict is None:
        if not _guarded(step.tree):
            yield Found(step, f"a second run inserts into {shown(name)} again", shown(name))
    elif "infer" not in conflict and table and not _can_conflict(table, step.tree):
        message = f"no key of {shown(name)} is inserted, so that nothing conflicts"
        yield Found(step, message, shown(name), "name the key: on conflict (column) do nothing")


def _guarded(tree: Tree) -> bool:
    """Whether rows are selected that are not there yet."""
    where = str(tree.get("selectStmt", {}).get("SelectStmt", {}).get("whereClause", ""))
    # Of a LEFT JOIN the rows that find no partner; of EXCEPT those that are not there.
    selected = str(tree.get("selectStmt", {}))
    return (
        ("EXISTS_SUBLINK" in where and "NOT_EXPR" in where)
        or ("ANY_SUBLINK" in where and "NOT_EXPR" in where)
        or ("JOIN_LEFT" in selected and "IS_NULL" in where)
        or "SETOP_EXCEPT" in selected
    )


def _can_conflict(table: Table, tree: Tree) -> bool:
    inserted = {entry["ResTarget"].get("name") for entry in tree.get("cols", ())}
    if not inserted or not table.whole:
        return True
    return any(key <= inserted or None in key for key in table.keys)


def _values(tree: Tree) -> list[list[Tree]]:
    lists = tree.get("selectStmt", {}).get("SelectStmt", {}).get("valuesLists", ())
    return [entry["List"].get("items", []) for entry in lists]


def _inserted(step: Step, schema: Schema) -> Iterator[tuple[str, list[Tree]]]:
    """Yield each column with the values that it gets."""
    tree = step.tree
    table = schema.tables.get(relation(tree.get("relation")))
    names = [str(entry["ResTarget"].get("name")) for entry in tree.get("cols", ())]
    names = names or list(table.columns if table else ())
    rows = _values(tree)
    for number, name in enumerate(names):
        yield name, [row[number] for row in rows if number < len(row)]


def _made_up(step: Step, schema: Schema) -> Iterator[Found]:
    if step.kind != "InsertStmt":
        return
    name = relation(step.tree.get("relation"))
    table = schema.tables.get(name)
    keys = set(chain(*(table.keys if table else ()))) | {"id"}
    for column, values in _inserted(step, schema):
        used = {call for value in values for call in calls(value)}
        made_up = used & (_RANDOM | _TIME) if column in keys else set()
        last = used & _LAST
        if made_up:
            of = f"{shown(name)}.{column}"
            message = f"{sorted(made_up)[0]}() makes {of} another one in each database"
            yield Found(step, message, of, "write the key down")
        elif last:
            of = f"{shown(name)}.{column}"
            yield Found(step, f"{of} is whatever a sequence gave last", of)


def _numbered(step: Step, schema: Schema) -> Iterator[Found]:
    name = relation(step.tree.get("relation"))
    table = schema.tables.get(name) if step.kind == "InsertStmt" else None
    for column, values in _inserted(step, schema) if table else ():
        known = table.columns.get(column) if table else None
        literal = any(integer(value) is not None or text(value) for value in values)
        if known and known.own and literal and not _restarted(step, name):
            of = f"{shown(name)}.{column}"
            message = f"{of} is numbered by hand, and its sequence does not know"
            hint = f"select setval(pg_get_serial_sequence('{shown(name)}', '{column}'), ...)"
            yield Found(step, message, of, hint)


def _restarted(step: Step, name: str) -> bool:
    """Whether the rest of the file sets the table's sequence."""
    rest = step.migration.text[step.migration.text.find(step.sql) + len(step.sql) :].lower()
    return name.rpartition(".")[2].lower() in rest and ("setval" in rest or "restart" in rest)


RULES = (
    rule(
        "seed-repeats",
        Severity.MEDIUM,
        "Rows are inserted without ON CONFLICT or WHERE NOT EXISTS, into a table that was there.",
        "Where the file runs again, by a restored database or a copied file, the rows are there "
        "twice, or it fails.",
        "ON CONFLICT (key) DO NOTHING or DO UPDATE; the key must be among what is inserted.",
        each=_repeated,
    ),
    rule(
        "seed-made-up-key",
        Severity.MEDIUM,
        "The key of an inserted row is random, a time, or what a sequence gave last.",
        "The row has another key in each database: no later migration and no test can name it, "
        "and ON CONFLICT never finds it.",
        "Write the key down, or use a natural one.",
        each=_made_up,
    ),
    rule(
        "seed-numbered-by-hand",
        Severity.MEDIUM,
        "Numbers are inserted into a column that a sequence numbers.",
        "The sequence still stands at its beginning: the next row gets a number that is taken.",
        "Leave the column out, or set the sequence behind the rows in the same file.",
        each=_numbered,
    ),
)
