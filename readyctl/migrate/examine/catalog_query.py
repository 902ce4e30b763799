"""The one query that reads everything that the examinations look at."""

from __future__ import annotations

from typing import LiteralString

# Objects of extensions are their authors' business.
_OURS: LiteralString = (
    "n.nspname !~ '^pg_' and n.nspname <> 'information_schema' and not exists"
    " (select from pg_depend e where e.objid = {}.oid and e.classid = '{}'::regclass"
    " and e.deptype = 'e')"
)
_ROUTINES: LiteralString = (
    """
select p.oid::bigint, n.nspname as schema, p.proname as name,
  format('%I.%I(%s)', n.nspname, p.proname, pg_get_function_identity_arguments(p.oid)) as signature,
  p.prokind as kind, l.lanname as language, p.prosrc as body, p.prosqlbody is not null as atomic,
  coalesce(p.proconfig, '{}') as config, p.prosecdef as definer,
  pg_get_userbyid(p.proowner) as owner, coalesce(pg_get_function_result(p.oid), '') as result,
  p.proretset as returns_set,
  exists (select from unnest(array_append(coalesce(p.proallargtypes, p.proargtypes::oid[]),
    p.prorettype)) a (type) join pg_type t on t.oid = a.type
    where t.typtype = 'p' and t.typname not in
    ('void', 'trigger', 'event_trigger', 'record', '_record')) as polymorphic,
  array(select json_build_object('mode', coalesce(p.proargmodes[a.place], 'i'),
    'name', coalesce(p.proargnames[a.place], ''), 'type', format_type(a.type, null))
    from unnest(coalesce(p.proallargtypes, p.proargtypes::oid[])) with ordinality a (type, place)
    order by a.place) as arguments,
  array(select case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end
    from aclexplode(coalesce(p.proacl, acldefault('f', p.proowner))) x
    where x.privilege_type = 'EXECUTE') as executors
from pg_proc p join pg_namespace n on n.oid = p.pronamespace join pg_language l on l.oid = p.prolang
where """
    + _OURS.format("p", "pg_proc")
    + " order by 4"
)
_RELATIONS: LiteralString = (
    """
select c.oid::bigint, n.nspname as schema, c.relname as name,
  format('%I.%I', n.nspname, c.relname) as label, c.relkind as kind,
  pg_get_userbyid(c.relowner) as owner, c.relrowsecurity as rls, c.relforcerowsecurity as forced,
  c.relispartition as partition, coalesce(c.reloptions, '{}') as options,
  c.relreplident as identity,
  exists (select from pg_index i where i.indrelid = c.oid and (i.indisprimary
    and c.relreplident = 'd' or i.indisreplident and c.relreplident = 'i')) as primary,
  array(select json_build_object('name', a.attname, 'type', format_type(a.atttypid, a.atttypmod),
    'required', a.attnotnull, 'default', a.atthasdef,
    'generated', concat(a.attidentity, a.attgenerated))
    from pg_attribute a where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
    order by a.attnum) as columns,
  array(select case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end
    from aclexplode(c.relacl) x where x.privilege_type = 'SELECT' and x.grantee <> c.relowner)
  as readers,
  array(select distinct d.refobjid::bigint from pg_rewrite r join pg_depend d on d.objid = r.oid
    and d.classid = 'pg_rewrite'::regclass and d.refclassid = 'pg_class'::regclass
    where r.ev_class = c.oid and d.refobjid <> c.oid) as uses
from pg_class c join pg_namespace n on n.oid = c.relnamespace
where c.relkind in ('r', 'p', 'v', 'm', 'f') and """
    + _OURS.format("c", "pg_class")
    + " order by 4"
)
_TRIGGERS: LiteralString = """
select t.tgrelid::bigint as table, t.tgname as name, t.tgfoid::bigint as function,
  t.tgtype as bits, t.tgenabled as enabled, t.tgnewtable as new_table, t.tgoldtable as old_table
from pg_trigger t where not t.tgisinternal order by 1, 2
"""
_POLICIES: LiteralString = """
select p.polrelid::bigint as table, p.polname as name, case p.polcmd when 'r' then 'SELECT'
  when 'a' then 'INSERT' when 'w' then 'UPDATE' when 'd' then 'DELETE' else 'ALL' end as command,
  p.polpermissive as permissive,
  array(select case r.oid when 0 then 'public' else pg_get_userbyid(r.oid) end
    from unnest(p.polroles) r (oid)) as roles,
  pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
from pg_policy p order by 1, 2
"""
_PUBLICATIONS: LiteralString = """
select p.pubname as name, p.puballtables as everything, p.pubupdate or p.pubdelete as changes,
  array(select c.oid::bigint from pg_publication_tables t join pg_namespace n
    on n.nspname = t.schemaname join pg_class c on c.relnamespace = n.oid
    and c.relname = t.tablename where t.pubname = p.pubname) as tables
from pg_publication p order by 1
"""
_SCHEMAS: LiteralString = """
select n.nspname as name, pg_get_userbyid(n.nspowner) as owner,
  array(select case x.grantee when 0 then 'public' else pg_get_userbyid(x.grantee) end
    from aclexplode(n.nspacl) x where x.privilege_type = 'CREATE' and x.grantee <> n.nspowner)
  as creators
from pg_namespace n where n.nspname !~ '^pg_(toast|temp)' order by 1
"""
_ROLES: LiteralString = """
select r.rolname as name, r.rolsuper as superuser, r.rolbypassrls as bypasses,
  r.rolcanlogin as login,
  array(select m.rolname from pg_roles m where m.oid <> r.oid and not r.rolsuper
    and pg_has_role(r.oid, m.oid, 'usage')) as member_of
from pg_roles r where r.rolname !~ '^pg_' order by 1
"""
_TYPES: LiteralString = """
select format('%I.%I', n.nspname, t.typname) from pg_type t join pg_namespace n
  on n.oid = t.typnamespace where t.typtype in ('e', 'd', 'c', 'r') and n.nspname !~ '^pg_'
  and n.nspname <> 'information_schema'
"""
QUERY: LiteralString = (
    "select json_build_object('role', current_user, 'version',"
    " current_setting('server_version_num')::int"
    f", 'routines', (select coalesce(json_agg(q), '[]') from ({_ROUTINES}) q)"
    f", 'relations', (select coalesce(json_agg(q), '[]') from ({_RELATIONS}) q)"
    f", 'triggers', (select coalesce(json_agg(q), '[]') from ({_TRIGGERS}) q)"
    f", 'policies', (select coalesce(json_agg(q), '[]') from ({_POLICIES}) q)"
    f", 'publications', (select coalesce(json_agg(q), '[]') from ({_PUBLICATIONS}) q)"
    ", 'extensions', (select coalesce(json_agg(json_build_object('name', extname, 'version',"
    " extversion)), '[]') from pg_extension)"
    f", 'schemas', (select coalesce(json_agg(q), '[]') from ({_SCHEMAS}) q)"
    f", 'roles', (select coalesce(json_agg(q), '[]') from ({_ROLES}) q)"
    f", 'types', array({_TYPES}))::text"
)
