"""Facts about the PostgreSQL database: its server, tables, roles, extensions and ledger."""

from __future__ import annotations

from typing import TypedDict

from readyctl.gather.base import Sources, fact


class Server(TypedDict):
    """The server and the session that asks it; `version` is a number such as 160004."""

    version: int
    user: str
    superuser: bool
    tls: bool
    database: str


class Table(TypedDict):
    """An ordinary or partitioned table; `policies` counts its row-level security policies."""

    schema: str
    name: str
    owner: str
    rls_enabled: bool
    rls_forced: bool
    policies: int


class View(TypedDict):
    """A view; `security_invoker` says whether its reader's row-level security applies."""

    schema: str
    name: str
    owner: str
    materialized: bool
    security_invoker: bool


class Role(TypedDict):
    """A role; `member_of` names the roles it was granted, `owns_tables` counts."""

    name: str
    login: bool
    superuser: bool
    bypass_rls: bool
    owns_tables: int
    member_of: list[str]


class Extension(TypedDict):
    """An installed extension."""

    name: str
    version: str


class Migration(TypedDict):
    """A migration that the ledger says was applied."""

    version: str
    sha256: str
    applied_at: str


class Ledger(TypedDict):
    """The table that records what was applied."""

    exists: bool
    table: str
    applied: list[Migration]


class SupabaseObject(TypedDict):
    """Something that only a Supabase database has, by its kind and qualified name."""

    kind: str
    name: str


@fact("database_server", origin="postgres")
def server(sources: Sources) -> Server:
    """The server's version, and as whom and how the audit is connected."""
    rows = sources.postgres.query(
        """
        select current_setting('server_version_num')::int as version,
               current_user::text as "user",
               current_setting('is_superuser') = 'on' as superuser,
               coalesce((select ssl from pg_stat_ssl where pid = pg_backend_pid()), false) as tls,
               current_database()::text as database
        """
    )
    row = rows[0]
    return Server(
        version=row["version"],
        user=row["user"],
        superuser=row["superuser"],
        tls=row["tls"],
        database=row["database"],
    )


@fact("database_tables", origin="postgres")
def tables(sources: Sources) -> list[Table]:
    """Ordinary and partitioned tables outside the system, extensions and the ledger's schema."""
    rows = sources.postgres.query(
        """
        select n.nspname::text as schema, c.relname::text as name,
               pg_get_userbyid(c.relowner)::text as owner,
               c.relrowsecurity as rls_enabled, c.relforcerowsecurity as rls_forced,
               (select count(*)::int from pg_policy p where p.polrelid = c.oid) as policies
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('r', 'p')
          and n.nspname not in ('pg_catalog', 'information_schema')
          and n.nspname !~ '^pg_(toast|temp)'
          and n.nspname <> %s
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                          and d.objid = c.oid and d.deptype = 'e')
        order by 1, 2
        """,
        [_ledger(sources)[0]],
    )
    return [
        Table(
            schema=row["schema"],
            name=row["name"],
            owner=row["owner"],
            rls_enabled=row["rls_enabled"],
            rls_forced=row["rls_forced"],
            policies=row["policies"],
        )
        for row in rows
    ]


@fact("database_views", origin="postgres")
def views(sources: Sources) -> list[View]:
    """Views and materialized views outside the system and extensions."""
    rows = sources.postgres.query(
        """
        select n.nspname::text as schema, c.relname::text as name,
               pg_get_userbyid(c.relowner)::text as owner, c.relkind = 'm' as materialized,
               coalesce(lower(substring(array_to_string(c.reloptions, ',')
                              from 'security_invoker=([^,]+)')) in ('true', 'on', '1', 'yes'),
                        false) as security_invoker
        from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where c.relkind in ('v', 'm')
          and n.nspname not in ('pg_catalog', 'information_schema')
          and n.nspname !~ '^pg_(toast|temp)'
          and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                          and d.objid = c.oid and d.deptype = 'e')
        order by 1, 2
        """
    )
    return [
        View(
            schema=row["schema"],
            name=row["name"],
            owner=row["owner"],
            materialized=row["materialized"],
            security_invoker=row["security_invoker"],
        )
        for row in rows
    ]


@fact("database_roles", origin="postgres")
def roles(sources: Sources) -> list[Role]:
    """Roles of the server, with what lets them pass row-level security by."""
    rows = sources.postgres.query(
        """
        select r.rolname::text as name, r.rolcanlogin as login, r.rolsuper as superuser,
               r.rolbypassrls as bypass_rls,
               (select count(*)::int from pg_class c join pg_namespace n on n.oid = c.relnamespace
                where c.relowner = r.oid and c.relkind in ('r', 'p')
                  and n.nspname not in ('pg_catalog', 'information_schema')
                  and n.nspname !~ '^pg_(toast|temp)') as owns_tables,
               array(select distinct g.rolname::text from pg_auth_members m
                     join pg_roles g on g.oid = m.roleid
                     where m.member = r.oid order by 1) as member_of
        from pg_roles r
        where r.rolname !~ '^pg_'
        order by 1
        """
    )
    return [
        Role(
            name=row["name"],
            login=row["login"],
            superuser=row["superuser"],
            bypass_rls=row["bypass_rls"],
            owns_tables=row["owns_tables"],
            member_of=row["member_of"],
        )
        for row in rows
    ]


@fact("database_extensions", origin="postgres")
def extensions(sources: Sources) -> list[Extension]:
    """Extensions that are installed in the database."""
    rows = sources.postgres.query(
        "select extname::text as name, extversion as version from pg_extension order by 1"
    )
    return [Extension(name=row["name"], version=row["version"]) for row in rows]


@fact("migration_ledger", origin="postgres")
def ledger(sources: Sources) -> Ledger:
    """Which migrations were applied, as the ledger's table records it."""
    schema, name = _ledger(sources)
    # The catalog, not to_regclass: that one is denied where the schema may not be used.
    found = sources.postgres.query(
        """
        select 1 as found from pg_class c join pg_namespace n on n.oid = c.relnamespace
        where n.nspname = %s and c.relname = %s and c.relkind in ('r', 'p', 'v')
        """,
        [schema, name],
    )
    table = f"{schema}.{name}"
    if not found:
        return Ledger(exists=False, table=table, applied=[])
    rows = sources.postgres.query(
        """
        select version::text as version, coalesce(sha256::text, '') as sha256,
               to_char(applied_at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as applied_at
        from {ledger} where applied_at is not null order by version
        """,
        identifiers={"ledger": (schema, name)},
    )
    applied = [
        Migration(version=row["version"], sha256=row["sha256"], applied_at=row["applied_at"])
        for row in rows
    ]
    return Ledger(exists=True, table=table, applied=applied)


@fact("supabase_objects", origin="postgres")
def supabase_objects(sources: Sources) -> list[SupabaseObject]:
    """Roles, schemas, publications and functions that were made for Supabase."""
    rows = sources.postgres.query(
        """
        select 'role' as kind, rolname::text as name from pg_roles
        where rolname in ('anon', 'authenticated', 'service_role', 'authenticator')
           or rolname ~ '^supabase_'
        union all
        select 'schema', nspname::text from pg_namespace
        where nspname in ('auth', 'storage', 'realtime', '_realtime') or nspname ~ '^supabase_'
        union all
        select 'publication', pubname::text from pg_publication where pubname ~ '^supabase_'
        union all
        select 'function', n.nspname || '.' || p.proname
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where n.nspname not in ('pg_catalog', 'information_schema', 'auth')
          and p.prosrc ~* '\\mauth\\.(uid|role|jwt|email)\\s*\\('
          and not exists (select from pg_namespace where nspname = 'auth')
        order by 1, 2
        """
    )
    return [SupabaseObject(kind=row["kind"], name=row["name"]) for row in rows]


def _ledger(sources: Sources) -> tuple[str, str]:
    schema, _, name = sources.settings.environment.database.ledger.rpartition(".")
    return schema or "public", name
