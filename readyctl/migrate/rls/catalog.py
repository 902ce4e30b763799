"""What the database says of its tables, roles, grants and policies, in one round trip."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, LiteralString, Protocol

from readyctl.clients.sqlwriting import quoted
from readyctl.model.rls import Command, RlsTable

# `extension` members and the ledger's schema are not the system's; foreign tables have no
# policies, and are listed so that nobody takes them for protected.
_TABLES: LiteralString = """
with relation as (
  select c.oid, n.nspname, c.relname, c.relkind, c.relispartition, c.relowner, c.relacl,
         c.relrowsecurity, c.relforcerowsecurity
  from pg_class c join pg_namespace n on n.oid = c.relnamespace
  where c.relkind in ('r', 'p', 'f')
    and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
    and n.nspname <> %s
    and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                    and d.objid = c.oid and d.deptype = 'e')
)
select json_build_object(
  'server', current_setting('server_version_num')::int,
  'database', current_database(),
  'user', session_user,
  'bypasses', (select rolsuper or rolbypassrls from pg_roles where rolname = session_user),
  'superuser', (select rolsuper from pg_roles where rolname = session_user),
  'tables', (select coalesce(json_agg(json_build_object(
      'oid', r.oid::int8, 'schema', r.nspname, 'name', r.relname, 'kind', r.relkind,
      'partition', r.relispartition, 'owner', pg_get_userbyid(r.relowner),
      'owned', pg_has_role(session_user, r.relowner, 'usage'),
      'enabled', r.relrowsecurity, 'forced', r.relforcerowsecurity,
      'size', case when r.relkind = 'r' then pg_relation_size(r.oid) else 0 end,
      'key', (select coalesce(json_agg(a.attname order by u.place), '[]')
              from pg_index i cross join unnest(i.indkey) with ordinality u (attnum, place)
              join pg_attribute a on a.attrelid = i.indrelid and a.attnum = u.attnum
              where i.indrelid = r.oid and i.indisprimary),
      'columns', (select coalesce(json_agg(json_build_object(
            'name', a.attname, 'generated', a.attgenerated <> '', 'required', a.attnotnull,
            'identity', a.attidentity = 'a',
            'counts', a.attidentity <> '' or coalesce(
              pg_get_expr(d.adbin, d.adrelid) ~ 'nextval', false)) order by a.attnum), '[]')
          from pg_attribute a
          left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum
          where a.attrelid = r.oid and a.attnum > 0 and not a.attisdropped)
    ) order by r.nspname, r.relname), '[]') from relation r),
  'policies', (select coalesce(json_agg(json_build_object(
      'table', p.polrelid::int8, 'name', p.polname, 'command', p.polcmd,
      'permissive', p.polpermissive, 'using', pg_get_expr(p.polqual, p.polrelid),
      'check', pg_get_expr(p.polwithcheck, p.polrelid),
      'roles', array(select r.rolname from pg_roles r
                     where p.polroles = '{0}' or r.oid = any (p.polroles)
                        or exists (select from unnest(p.polroles) g (oid)
                                   where g.oid <> 0 and pg_has_role(r.oid, g.oid, 'usage')))
    )), '[]') from pg_policy p join relation r on r.oid = p.polrelid),
  'roles', (select coalesce(json_agg(json_build_object(
      'name', rolname, 'superuser', rolsuper, 'bypasses', rolbypassrls,
      'owns', exists (select from relation r where r.relowner = g.oid),
      'granted', exists (
        select from relation r, aclexplode(r.relacl) a
        where a.grantee = g.oid and a.grantee <> r.relowner),
      'named', exists (select from pg_policy p where g.oid = any (p.polroles)))
    order by rolname), '[]') from pg_roles g where rolname !~ '^(pg_|rds|aws)'),
  'public', exists (select from relation r, aclexplode(r.relacl) a where a.grantee = 0)
)
"""
_GRANTS: LiteralString = """
select t.oid::int8, r.name, c.command,
       has_table_privilege(r.name, t.oid, c.command),
       case when not has_table_privilege(r.name, t.oid, c.command) and c.command <> 'delete'
                 and has_any_column_privilege(r.name, t.oid, c.command)
            then (select array_agg(a.attname::text order by a.attnum) from pg_attribute a
                  where a.attrelid = t.oid and a.attnum > 0 and not a.attisdropped
                    and has_column_privilege(r.name, t.oid, a.attnum, c.command)) end
from unnest(%s::oid[]) t (oid), unnest(%s::text[]) r (name),
     unnest(array['select', 'insert', 'update', 'delete']) c (command)
"""
_KINDS = {"r": "table", "p": "partitioned", "f": "foreign"}


class Asking(Protocol):
    """Whoever answers a query."""

    def query(self, statement: LiteralString, parameters: Any = ()) -> list[tuple[Any, ...]]:
        """Return the rows of a statement."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column; `counts` says that leaving it out takes a number of a sequence, for ever."""

    name: str
    generated: bool
    required: bool
    identity: bool
    counts: bool


@dataclass(frozen=True, slots=True)
class Relation:
    """A table as it is used in statements: `sql` is its quoted name, `size` in bytes."""

    oid: int
    table: RlsTable
    sql: str
    owned: bool
    size: int
    columns: tuple[Column, ...]
    key: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Policy:
    """One policy of a table; `roles` are all whom it applies to, members included."""

    name: str
    table: int
    command: str
    permissive: bool
    using: str | None
    check: str | None
    roles: frozenset[str]


@dataclass(frozen=True, slots=True)
class Role:
    """A role; `chosen` by itself if it is granted something or policies name it."""

    name: str
    superuser: bool
    bypasses: bool
    chosen: bool


@dataclass(frozen=True, slots=True)
class Catalog:
    """All that a test needs to know beforehand; policies by the number of their table."""

    server: int
    database: str
    user: str
    superuser: bool
    bypasses: bool
    relations: tuple[Relation, ...]
    policies: Mapping[int, tuple[Policy, ...]]
    roles: tuple[Role, ...]
    public: bool

    def relation(self, name: str) -> Relation | None:
        """Return the table of a name, in schema public unless the name says another."""
        return next((found for found in self.relations if found.table.name == name), None)

    def role(self, name: str) -> Role | None:
        """Return the role of a name."""
        return next((found for found in self.roles if found.name == name), None)


@dataclass(frozen=True, slots=True)
class Grant:
    """Whether a command is granted: on the whole table, or on some columns of it."""

    whole: bool
    columns: tuple[str, ...]

    @property
    def given(self) -> bool:
        """Whether anything is."""
        return self.whole or bool(self.columns)


Grants = Mapping[tuple[int, str, Command], Grant]


def read_catalog(asking: Asking, ledger_schema: str) -> Catalog:
    """Return tables, policies and roles."""
    ((found,),) = asking.query(_TABLES, [ledger_schema])
    return Catalog(
        server=found["server"],
        database=found["database"],
        user=found["user"],
        superuser=found["superuser"],
        bypasses=found["bypasses"],
        relations=tuple(_relation(row, found["policies"]) for row in found["tables"]),
        policies=_policies(found["policies"]),
        roles=tuple(_role(row) for row in found["roles"]),
        public=found["public"],
    )


def read_grants(asking: Asking, relations: list[int], roles: list[str]) -> Grants:
    """Return what each role is granted on each table, also through other roles and PUBLIC."""
    return {
        (oid, role, Command(command)): Grant(whole, tuple(columns or ()))
        for oid, role, command, whole, columns in asking.query(_GRANTS, [relations, roles])
    }


def _relation(row: Mapping[str, Any], policies: list[Mapping[str, Any]]) -> Relation:
    kind = "partition" if row["partition"] and row["kind"] == "r" else _KINDS[row["kind"]]
    name = row["name"] if row["schema"] == "public" else f"{row['schema']}.{row['name']}"
    return Relation(
        oid=row["oid"],
        table=RlsTable(
            name=name,
            kind=kind,
            owner=row["owner"],
            enabled=row["enabled"],
            forced=row["forced"],
            policies=sum(policy["table"] == row["oid"] for policy in policies),
        ),
        sql=quoted(row["schema"], row["name"]),
        owned=row["owned"],
        size=row["size"],
        columns=tuple(Column(**column) for column in row["columns"]),
        key=tuple(row["key"]),
    )


def _policies(rows: list[Mapping[str, Any]]) -> Mapping[int, tuple[Policy, ...]]:
    found: dict[int, tuple[Policy, ...]] = {}
    for row in rows:
        found[row["table"]] = (*found.get(row["table"], ()), _policy(row))
    return found


def _policy(row: Mapping[str, Any]) -> Policy:
    return Policy(
        name=row["name"],
        table=row["table"],
        command=row["command"],
        permissive=row["permissive"],
        using=row["using"],
        check=row["check"],
        roles=frozenset(row["roles"]),
    )


def _role(row: Mapping[str, Any]) -> Role:
    chosen = not row["superuser"] and not row["owns"] and (row["named"] or row["granted"])
    return Role(row["name"], row["superuser"], row["bypasses"], chosen)
