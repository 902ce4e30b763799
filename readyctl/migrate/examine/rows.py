"""Makes a row for a table out of its columns' types, and rows of the tables that it refers to."""

from __future__ import annotations

from collections.abc import Iterator
from typing import LiteralString

import msgspec

from readyctl.clients.database import DatabaseSession

_QUERY: LiteralString = """
select json_agg(q)::text from (
select c.oid::bigint, format('%I.%I', n.nspname, c.relname) as label,
  array(select json_build_object('name', quote_ident(a.attname), 'type',
    format_type(a.atttypid, a.atttypmod), 'category', b.typcategory, 'base', b.typname,
    'label', (select e.enumlabel from pg_enum e where e.enumtypid = b.oid
      order by e.enumsortorder limit 1),
    'required', a.attnotnull, 'default', a.atthasdef or a.attidentity <> '',
    'fixed', a.attidentity = 'a' or a.attgenerated <> '')
    from pg_attribute a join pg_type t on t.oid = a.atttypid
    join pg_type b on b.oid = case t.typtype when 'd' then
      (with recursive d (oid, base) as (select t.oid, t.typbasetype union all
        select x.oid, x.typbasetype from d join pg_type x on x.oid = d.base)
        select d.oid from d where d.base = 0) else t.oid end
    where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attnum) as columns,
  array(select json_build_object('name', quote_ident(k.conname), 'parent', k.confrelid::bigint,
    'columns', array(select quote_ident(a.attname) from unnest(k.conkey) with ordinality x (n, o)
      join pg_attribute a on a.attrelid = k.conrelid and a.attnum = x.n order by x.o),
    'targets', array(select quote_ident(a.attname) from unnest(k.confkey) with ordinality x (n, o)
      join pg_attribute a on a.attrelid = k.confrelid and a.attnum = x.n order by x.o))
    from pg_constraint k where k.conrelid = c.oid and k.contype = 'f') as parents,
  array(select quote_ident(k.conname) from pg_constraint k where k.conrelid = c.oid
    and k.contype = 'c' and k.conislocal and k.coninhcount = 0) as checks,
  array(select distinct format('alter domain %s drop constraint if exists %I',
    format_type(k.contypid, null), k.conname) from pg_constraint k
    where k.contype = 'c' and k.contypid in (select a.atttypid from pg_attribute a
    where a.attrelid = c.oid and a.attnum > 0)) as domains,
  c.relkind as kind
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v') and n.nspname !~ '^pg_' and n.nspname <> 'information_schema'
) q
"""
_VALUES = {
    "B": "false",
    "D": "now()",
    "N": "1",
    "T": "'1 day'",
    "I": "'127.0.0.1'",
    "A": "'{}'",
    "R": "'empty'",
    "G": "'(0,0)'",
    "V": "B'0'",
    "S": "md5(random()::text)",
}
_BASES = {
    "uuid": "gen_random_uuid()",
    "json": "'{}'",
    "jsonb": "'{}'",
    "bytea": "'\\x00'",
    "tsvector": "''",
    "xml": "'<a/>'",
    "macaddr": "'08:00:2b:01:02:03'",
    "time": "'00:00'",
    "timetz": "'00:00Z'",
    "line": "'{1,1,1}'",
    "lseg": "'(0,0),(1,1)'",
    "box": "'(0,0),(1,1)'",
    "path": "'((0,0),(1,1))'",
    "polygon": "'((0,0),(1,1))'",
    "circle": "'<(0,0),1>'",
    "tsquery": "''",
    "oid": "1",
    "regclass": "1",
}


class Cell(msgspec.Struct, frozen=True):
    """A column, its name quoted, with what decides a value for it."""

    name: str
    type: str
    category: str
    base: str
    label: str | None
    required: bool
    default: bool
    fixed: bool

    def value(self) -> str | None:
        """Return SQL of a value of its type, None where none is known."""
        if self.category == "E":
            found = None if self.label is None else "'" + self.label.replace("'", "''") + "'"
        else:
            found = _BASES.get(self.base) or _VALUES.get(self.category)
        return None if found is None else f"({found})::{self.type}"


class Parent(msgspec.Struct, frozen=True):
    """A foreign key: the columns, and those of the parent that they refer to."""

    name: str
    parent: int
    columns: tuple[str, ...]
    targets: tuple[str, ...]


class Table(msgspec.Struct, frozen=True):
    """A table with what an insert must satisfy."""

    oid: int
    label: str
    columns: tuple[Cell, ...]
    parents: tuple[Parent, ...]
    checks: tuple[str, ...]
    domains: tuple[str, ...]
    kind: str


class Rows:
    """Writes inserts; constraints on values are dropped first, so that triggers alone decide."""

    def __init__(self, tables: dict[int, Table]) -> None:
        self.tables = tables

    def prepared(self, oid: int) -> list[str]:
        """Return statements that make parents, and drop what depends on values."""
        found: list[str] = []
        *parents, own = self._family(oid, [])
        for table in (*parents, own):
            found += self._freed(table)
        found += [f"alter table {table.label} disable trigger user" for table in parents]
        return found + [self.insert(table.oid, full=False, spare=True) for table in parents]

    def insert(self, oid: int, *, full: bool, spare: bool = False) -> str:
        """Return an insert; `full` gives values to optional columns, too.

        `spare` inserts only where the table is empty.
        """
        table = self.tables[oid]
        values = self._values(table, full=full)
        names = ", ".join(values)
        only = f" where not exists (select from {table.label})" if spare else ""
        if not values:
            return f"insert into {table.label} default values"
        return f"insert into {table.label} ({names}) select {', '.join(values.values())}{only}"

    def update(self, oid: int, *, changed: bool) -> str:
        """Return an update of one row, without its WHERE; empty where no column can be given."""
        table = self.tables[oid]
        keys = {name for parent in table.parents for name in parent.columns}
        keys |= {
            t
            for other in self.tables.values()
            for p in other.parents
            if p.parent == oid
            for t in p.targets
        }
        given = [
            cell
            for cell in table.columns
            if not cell.fixed and cell.name not in keys and cell.value()
        ]
        sets = [f"{c.name} = {c.value() if changed else c.name}" for c in given]
        return f"update {table.label} set {', '.join(sets)}" if sets else ""

    def _values(self, table: Table, *, full: bool) -> dict[str, str]:
        values: dict[str, str] = {}
        for cell in table.columns:
            value = cell.value()
            if value and not cell.default and (full or cell.required):
                values[cell.name] = value
        required = {cell.name for cell in table.columns if cell.required}
        for name in {name for parent in table.parents for name in parent.columns}:
            values.pop(name, None)
        for parent in table.parents:
            wanted = full or required.issuperset(parent.columns)
            for name, target in zip(parent.columns, parent.targets, strict=True):
                if wanted and parent.parent != table.oid and parent.parent in self.tables:
                    of = self.tables[parent.parent].label
                    values[name] = f"(select {target} from {of} order by tableoid, ctid limit 1)"
        return values

    def _family(self, oid: int, seen: list[int]) -> Iterator[Table]:
        if oid in seen or oid not in self.tables:
            return
        # A table comes behind all that it refers to.
        seen.append(oid)
        for parent in self.tables[oid].parents:
            yield from self._family(parent.parent, seen)
        yield self.tables[oid]

    def _freed(self, table: Table) -> list[str]:
        if table.kind == "v":
            return []
        found = [
            f"alter table {table.label} drop constraint {name} cascade" for name in table.checks
        ]
        found += [
            f"alter table {table.label} drop constraint {parent.name}"
            for parent in table.parents
            if parent.parent == table.oid
        ]
        return [*found, *table.domains, f"alter table {table.label} no force row level security"]


def read_rows(session: DatabaseSession) -> Rows:
    """Return what is to be known of every table to insert a row; needs an empty search_path.

    Raises:
        Refused, SourceFailure, ConnectionLost: see `DatabaseSession.query`.
    """
    ((text,),) = session.query(_QUERY)
    tables = msgspec.json.decode(text or "[]", type=list[Table])
    return Rows({table.oid: table for table in tables})
