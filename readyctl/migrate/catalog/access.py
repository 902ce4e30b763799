"""Queries for who may do what: roles, default privileges, settings; and for what is built in."""

from __future__ import annotations

from readyctl.migrate.catalog.query import Query

ROLES = Query(
    "roles",
    "pg_authid",
    """
select r.oid, quote_ident(r.rolname) as identity, r.rolname as name,
  r.rolsuper as superuser, not r.rolinherit as no_inherit,
  r.rolcreaterole as create_role, r.rolcreatedb as create_database, r.rolcanlogin as login,
  r.rolreplication as replication, r.rolbypassrls as bypass_rls,
  nullif(r.rolconnlimit, -1) as connection_limit,
  nullif(r.rolvaliduntil::text, 'infinity') as valid_until
from pg_roles r
""",
    kind="role",
)

MEMBERSHIPS = Query(
    "memberships",
    "pg_auth_members",
    """
select 0::oid as oid, m.roleid::regrole::text || ' to ' || m.member::regrole as identity,
  pg_get_userbyid(m.roleid) as granted, pg_get_userbyid(m.member) as member,
  bool_or(m.admin_option) as admin
  , bool_or(m.inherit_option) as inherit, bool_or(m.set_option) as set, -- 16+
  bool_and(m.grantor = 10 and m.admin_option and not m.inherit_option and not m.set_option) -- 16+
    as of_creation -- 16+
from pg_auth_members m group by m.roleid, m.member
""",
    kind="membership",
)

PARAMETERS = Query(
    "parameters",
    "pg_parameter_acl",
    """
select p.oid, p.parname as identity, 10::oid as holder, p.paracl::text[] as acl
from pg_parameter_acl p
""",
    kind="parameter",
)

TABLESPACES = Query(
    "tablespaces",
    "pg_tablespace",
    """
select t.oid, quote_ident(t.spcname) as identity, t.spcowner as owner,
  coalesce(t.spcacl, acldefault('t', t.spcowner))::text[] as acl, t.spcoptions as options
from pg_tablespace t
""",
    kind="tablespace",
)

SETTINGS = Query(
    "settings",
    "pg_db_role_setting",
    """
select 0::oid as oid, s.setdatabase = 0 as of_cluster, s.setconfig as settings,
  pg_get_userbyid(nullif(s.setrole, 0)) as role
from pg_db_role_setting s join pg_database d on d.datname = current_database()
where s.setdatabase in (0, d.oid)
""",
    kind="setting",
)

DEFAULT_PRIVILEGES = Query(
    "default privileges",
    "pg_default_acl",
    """
select d.oid, d.defaclrole as holder, pg_get_userbyid(d.defaclrole) as role,
  quote_ident(n.nspname) as schema,
  case d.defaclobjtype when 'r' then 'tables' when 'S' then 'sequences' when 'f' then 'functions'
    when 'T' then 'types' when 'n' then 'schemas' else 'large objects' end as objects,
  d.defaclacl::text[] as acl
from pg_default_acl d left join pg_namespace n on n.oid = d.defaclnamespace
""",
    kind="default privileges",
)

DATABASE = Query(
    "database",
    "pg_database",
    """
select d.oid, d.datname as identity, d.datdba as owner,
  coalesce(d.datacl, acldefault('d', d.datdba))::text[] as acl,
  pg_encoding_to_char(d.encoding) as encoding, d.datcollate as lc_collate, d.datctype as lc_ctype,
  case d.datlocprovider when 'i' then 'icu' when 'c' then 'libc' else 'builtin' end
    as locale_provider,
  d.daticulocale as locale, -- until 16
  d.datlocale as locale, -- 17+
  nullif(d.datconnlimit, -1) as connection_limit, not d.datallowconn as no_connections,
  d.datistemplate as is_template, nullif(t.spcname, 'pg_default') as tablespace,
  pg_get_userbyid(10) as bootstrap, current_setting('server_version_num')::integer as version,
  current_user::text as reader
from pg_database d join pg_tablespace t on t.oid = d.dattablespace
where d.datname = current_database()
""",
    kind="database",
)

_BUILT_IN = """
select o.oid, '{kind} ' || {identity} as identity, o.{owner} as holder,
  coalesce(o.{acl}, acldefault('{letter}', o.{owner}))::text[] as acl,
  coalesce(i.initprivs, acldefault('{letter}', o.{owner}))::text[] as initial
from {catalog} o
left join pg_init_privs i on i.classoid = '{catalog}'::regclass and i.objoid = o.oid
  and i.objsubid = 0
where {acl} is distinct from i.initprivs and (o.oid < 16384 or exists (select from pg_depend d
    where d.classid = '{catalog}'::regclass and d.objid = o.oid and d.deptype = 'e'))
"""


def _built_in(
    catalog: str, letter: str, prefix: str, kind: str, identity: str, *, where: str = ""
) -> str:
    text = _BUILT_IN.format(
        catalog=catalog,
        letter=letter,
        owner=f"{prefix}owner",
        acl=f"{prefix}acl",
        kind=kind,
        identity=identity,
    )
    return text + where


BUILT_IN = Query(
    "built-in grants",
    "pg_init_privs",
    " union all ".join(
        (
            _built_in("pg_proc", "f", "pro", "function", "o.oid::regprocedure"),
            _built_in(
                "pg_class", "r", "rel", "relation", "o.oid::regclass", where=" and o.relkind <> 'S'"
            ),
            _built_in(
                "pg_class", "s", "rel", "sequence", "o.oid::regclass", where=" and o.relkind = 'S'"
            ),
            _built_in(
                "pg_foreign_data_wrapper",
                "F",
                "fdw",
                "foreign-data wrapper",
                "quote_ident(o.fdwname)",
            ),
            _built_in("pg_type", "T", "typ", "type", "o.oid::regtype"),
            _built_in("pg_language", "l", "lan", "language", "quote_ident(o.lanname)"),
            _built_in(
                "pg_namespace",
                "n",
                "nsp",
                "schema",
                "quote_ident(o.nspname)",
                where=" and o.nspname <> 'public'",
            ),
            """
select a.attrelid, 'column ' || a.attrelid::regclass || '.' || quote_ident(a.attname),
  c.relowner, a.attacl::text[], i.initprivs::text[]
from pg_attribute a join pg_class c on c.oid = a.attrelid
left join pg_init_privs i on i.classoid = 'pg_class'::regclass and i.objoid = a.attrelid
  and i.objsubid = a.attnum
where a.attacl is not null and a.attacl is distinct from i.initprivs
  and (a.attrelid < 16384 or exists (select from pg_depend d
    where d.classid = 'pg_class'::regclass and d.objid = a.attrelid and d.deptype = 'e'))
""",
        )
    ),
    kind="built-in grants",
)

QUERIES = (
    DATABASE,
    ROLES,
    MEMBERSHIPS,
    PARAMETERS,
    TABLESPACES,
    SETTINGS,
    DEFAULT_PRIVILEGES,
    BUILT_IN,
)
