"""The statements by which a command is tried: on a few rows, by place, and undone at once."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from readyctl.clients.sqlwriting import literal, quoted
from readyctl.migrate.rls.catalog import Catalog, Column, Grant, Grants, Relation
from readyctl.migrate.rls.policies import narrower, reach
from readyctl.model.rls import Case, Command, Reach

# A table of this size is tried as a whole too: a change that names no row is bound by fewer
# policies than one that does.
SMALL_BYTES = 65_536
MOST_ROWS = 20
MOST_COPIES = 2
# What stands for a cell that is not one of the four commands.
FOREIGN, BLIND = "foreign", "blind"

Step = dict[str, Any]


def sample(relation: Relation) -> Step:
    """Return what reads a few rows: their places, and copies of some."""
    rows = f"select t.ctid as place, t::text as copy from {relation.sql} t limit {MOST_ROWS}"
    return {
        "id": str(relation.oid),
        "oid": relation.oid,
        "first": f"select coalesce(array_agg(place::text), '{{}}'),"
        f" coalesce((array_agg(copy))[1:{MOST_COPIES}], '{{}}') from ({rows}) s",
    }


def steps(
    catalog: Catalog, relation: Relation, role: str, grants: Grants, tenant: tuple[str, str]
) -> Iterator[Step]:
    """Yield the tries of one role on one table; `tenant` is the column and the caller's own."""
    given = {command: grants[relation.oid, role, command] for command in Command}
    reads = given[Command.SELECT].whole
    names = {column.name for column in relation.columns}
    yield _step(relation, "select", "count", _count(relation, given[Command.SELECT]))
    if reads and tenant[1] and tenant[0] in names:
        other = f"{quoted(tenant[0])}::text <> {literal(tenant[1])}"
        yield _step(relation, FOREIGN, "count", f"{_count_all(relation)} and {other}")
    insert = _insert(relation, given[Command.INSERT])
    if insert:
        own = (
            f"select array_agg(q::text) from (select t from {relation.sql} t"
            f" where ctid = any ($1) limit {MOST_COPIES}) s (q)"
        )
        some = reach(catalog, relation, role, Command.INSERT) is Reach.SOME
        step = _step(relation, "insert", "copies", insert) | {"some": some}
        yield step | ({"own": own} if reads else {})
    for command, statement in (
        (Command.UPDATE, _update(relation, given[Command.UPDATE], reads=reads)),
        (Command.DELETE, f"delete from {relation.sql}"),
    ):
        where = " where ctid = any ($1)" if reads else " where false"
        if statement:
            yield _step(relation, command, "change", statement + where) | {"each": reads}
    blind = {
        command: grant.given
        and (not reads or (relation.table.enabled and narrower(catalog, relation, role, command)))
        for command, grant in given.items()
    }
    yield from _blind(relation, given[Command.UPDATE], blind)


def unfit(relation: Relation, grant: Grant) -> str:
    """Return why an insert cannot be tried without a trace, or nothing."""
    if grant.columns and any(c.counts and c.name not in grant.columns for c in relation.columns):
        return "an insert would take numbers of a sequence"
    return ""


def case_step(case: Case, relation: Relation) -> Step:
    """Return the try of a case."""
    where = f" where (\n{case.where}\n)" if case.where else ""
    columns = ", ".join(quoted(name) for name, _ in case.row)
    fields = ", ".join(f"r.{quoted(name)}" for name, _ in case.row)
    row = f"(select {fields} from jsonb_populate_record(null::{relation.sql}, $1) r)"
    match case.command:
        case Command.SELECT if isinstance(case.expected, tuple):
            key = case.key or (relation.key[0] if relation.key else "")
            keys = f"select coalesce(array_agg({quoted(key)}::text), '{{}}')"
            step = {"how": "keys", "sql": f"{keys} from {relation.sql}{where}"}
            return step | {"wanted": list(case.expected)}
        case Command.SELECT:
            return {"how": "count", "sql": f"select count(*) from {relation.sql}{where}"}
        case Command.INSERT:
            sql = insert_row(relation, columns, fields)
            return {"how": "row", "sql": sql, "row": dict(case.row)}
        case Command.UPDATE if case.row:
            sql = f"update {relation.sql} set ({columns}) = {row}{where}"
            return {"how": "row", "sql": sql, "row": dict(case.row)}
        case Command.UPDATE:
            column = quoted(_changeable(relation, Grant(True, ()))[0].name)
            sql = f"update {relation.sql} set {column} = {column}{where}"
            return {"how": "change", "sql": sql, "each": False}
        case Command.DELETE:
            return {"how": "change", "sql": f"delete from {relation.sql}{where}", "each": False}


def insert_row(relation: Relation, columns: str, fields: str) -> str:
    """Return what inserts the row that is its parameter, as JSON."""
    row = f"select {fields} from jsonb_populate_record(null::{relation.sql}, $1) r"
    return f"insert into {relation.sql} ({columns}) overriding system value {row}"


def _step(relation: Relation, what: str, how: str, sql: str) -> Step:
    return {"id": [relation.oid, str(what)], "sample": str(relation.oid), "how": how, "sql": sql}


def _count_all(relation: Relation) -> str:
    return f"select count(*) from {relation.sql} where ctid = any ($1)"


def _count(relation: Relation, grant: Grant) -> str:
    if not grant.columns:
        return _count_all(relation)
    # A place is a system column, which only a grant on the whole table covers.
    column = quoted(grant.columns[0])
    return f"select count(*) from (select {column} from {relation.sql} limit {MOST_ROWS}) s"


def _insert(relation: Relation, grant: Grant) -> str:
    if unfit(relation, grant):
        return ""
    names = [
        column.name
        for column in relation.columns
        if not column.generated and (not grant.columns or column.name in grant.columns)
    ]
    if not names:
        return f"insert into {relation.sql} select from (select $1::text) s"
    columns = ", ".join(quoted(name) for name in names)
    fields = ", ".join(f"(x.v).{quoted(name)}" for name in names)
    return (
        f"insert into {relation.sql} ({columns}) overriding system value"
        f" select {fields} from (select $1::{relation.sql} as v offset 0) x"
    )


def _changeable(relation: Relation, grant: Grant) -> list[Column]:
    fitting = [
        column
        for column in relation.columns
        if not column.generated
        and not column.identity
        and (not grant.columns or column.name in grant.columns)
    ]
    # A key that is set to itself asks every table that refers to it.
    return sorted(fitting, key=lambda column: column.name in relation.key)


def _update(relation: Relation, grant: Grant, *, reads: bool) -> str:
    columns = _changeable(relation, grant)
    if not columns:
        return ""
    name = quoted(columns[0].name)
    return f"update {relation.sql} set {name} = {name if reads else 'null'}"


def _blind(relation: Relation, grant: Grant, wanted: dict[Command, bool]) -> Iterator[Step]:
    if relation.size > SMALL_BYTES or relation.table.kind == "partitioned":
        return
    columns = _changeable(relation, grant)
    if wanted[Command.UPDATE] and columns:
        column = min(columns, key=lambda found: found.required)
        sql = f"update {relation.sql} set {quoted(column.name)} = null"
        yield _step(relation, f"{BLIND} update", "change", sql) | {"each": False}
    if wanted[Command.DELETE]:
        sql = f"delete from {relation.sql}"
        yield _step(relation, f"{BLIND} delete", "change", sql) | {"each": False}
