"""Queries for schemas and relations, and for everything that is on a relation."""

from __future__ import annotations

from readyctl.migrate.catalog.query import Query

_USER = "c.oid >= 16384 and c.relpersistence <> 't' and c.relnamespace <> 99"

SCHEMAS = Query(
    "schemas",
    "pg_namespace",
    """
select n.oid, quote_ident(n.nspname) as identity, n.nspowner as owner,
  case when n.nspname ~ '^pg_(toast_)?temp_' then 'temporary schema' else 'schema' end as kind,
  coalesce(n.nspacl, acldefault('n', n.nspowner))::text[] as acl
from pg_namespace n where n.oid >= 16384 or n.nspname = 'public'
""",
)

RELATIONS = Query(
    "relations",
    "pg_class",
    f"""
select c.oid, c.relnamespace as namespace, c.oid::regclass::text as identity,
  case c.relkind when 'v' then 'view' when 'm' then 'materialized view'
    when 'f' then 'foreign table' else 'table' end as kind,
  c.relowner as owner, coalesce(c.relacl, acldefault('r', c.relowner))::text[] as acl,
  c.relpersistence = 'u' as unlogged,
  case when a.amname <> 'heap' then a.amname end as access_method,
  t.spcname as tablespace,
  c.reloptions as options, toast.reloptions as toast_options,
  case when c.relkind in ('r', 'p') then case c.relreplident
    when 'n' then 'nothing' when 'f' then 'full' when 'i' then coalesce('using index ' ||
      (select i.indexrelid::regclass from pg_index i where i.indrelid = c.oid
       and i.indisreplident)::text, 'using an index that is gone') end end as replica_identity,
  c.relrowsecurity as row_security, c.relforcerowsecurity as force_row_security,
  case when c.reloftype <> 0 then c.reloftype::regtype::text end as of_type,
  case when c.relhassubclass or c.relispartition or c.relkind in ('r', 'f') then array(
    select i.inhparent::regclass::text || case when i.inhdetachpending then ' (detaching)'
      else '' end from pg_inherits i where i.inhrelid = c.oid order by i.inhseqno) end as inherits,
  case when c.relispartition then pg_get_expr(c.relpartbound, c.oid) end as partition_bound,
  case when c.relkind = 'p' then pg_get_partkeydef(c.oid) end as partition_key,
  case when c.relkind in ('v', 'm') then pg_get_viewdef(c.oid) end as definition,
  c.relkind = 'm' and not c.relispopulated as unpopulated,
  s.srvname as server, array(select o.option_name || '=' || left(encode(sha256(convert_to(
    coalesce(o.option_value, ''), 'UTF8')), 'hex'), 16)
    from pg_options_to_table(f.ftoptions) o order by 1) as foreign_options
from pg_class c left join pg_am a on a.oid = c.relam
left join pg_tablespace t on t.oid = c.reltablespace
left join pg_class toast on toast.oid = c.reltoastrelid
left join pg_foreign_table f on f.ftrelid = c.oid
left join pg_foreign_server s on s.oid = f.ftserver
where c.relkind in ('r', 'p', 'v', 'm', 'f') and {_USER}
""",
)

COLUMNS = Query(
    "columns",
    "pg_class",
    f"""
select a.attrelid as oid, a.attnum as sub, c.relnamespace as namespace,
  c.oid::regclass || '.' || quote_ident(a.attname) as identity,
  case c.relkind when 'c' then 'attribute' else 'column' end as kind,
  case c.relkind when 'c' then c.reltype else c.oid end as parent,
  case c.relkind when 'c' then 'pg_type' else 'pg_class' end as parent_in,
  c.relowner as holder, a.attacl::text[] as acl,
  format_type(a.atttypid, a.atttypmod) as type, a.attnotnull as not_null,
  case when a.attgenerated = '' then pg_get_expr(d.adbin, d.adrelid) end as "default",
  case a.attidentity when 'a' then 'always' when 'd' then 'by default' end as identity_column,
  case when a.attgenerated <> '' then
    case a.attgenerated when 's' then 'stored: ' else 'virtual: ' end
    || pg_get_expr(d.adbin, d.adrelid) end as generated,
  case when a.attcollation <> y.typcollation then a.attcollation::regcollation::text
    end as collation,
  case when a.attstorage <> y.typstorage and c.relkind in ('r', 'p', 'f', 'm') then
    case a.attstorage when 'p' then 'plain' when 'e' then 'external' when 'x' then 'extended'
    else 'main' end end as storage,
  case a.attcompression when 'p' then 'pglz' when 'l' then 'lz4' end as compression,
  nullif(a.attstattarget, -1) as statistics_target,
  a.attoptions as options, case when a.attfdwoptions is not null then array(
    select o.option_name || '=' || left(encode(sha256(convert_to(
    coalesce(o.option_value, ''), 'UTF8')), 'hex'), 16)
    from pg_options_to_table(a.attfdwoptions) o order by 1) end as foreign_options,
  a.attinhcount > 0 as inherited,
  nn.options as not_null_constraint, -- 18+
  c.oid::regclass::text as relation
from pg_attribute a join pg_class c on c.oid = a.attrelid join pg_type y on y.oid = a.atttypid
left join pg_attrdef d on d.adrelid = a.attrelid and d.adnum = a.attnum and a.atthasdef
left join (select k.conrelid, k.conkey[1] as attnum, concat_ws(' ', -- 18+
    case when k.conname <> left(r.relname || '_' || a.attname || '_not_null', 63) -- 18+
      then 'named ' || quote_ident(k.conname) end, -- 18+
    case when k.connoinherit then 'no inherit' end, -- 18+
    case when not k.convalidated then 'not valid' end) as options -- 18+
  from pg_constraint k join pg_class r on r.oid = k.conrelid -- 18+
  join pg_attribute a on a.attrelid = k.conrelid and a.attnum = k.conkey[1] -- 18+
  where k.contype = 'n' and k.oid >= 16384) nn -- 18+
  on nn.conrelid = a.attrelid and nn.attnum = a.attnum -- 18+
where a.attnum > 0 and not a.attisdropped and c.relkind in ('r', 'p', 'v', 'm', 'f', 'c')
  and a.attrelid >= 16384 and {_USER}
order by a.attrelid, a.attnum
""",
)

CONSTRAINTS = Query(
    "constraints",
    "pg_constraint",
    """
select k.oid, k.connamespace as namespace, 'constraint' as kind,
  quote_ident(k.conname) || ' on ' || k.conrelid::regclass as identity, k.conrelid as parent,
  nullif(k.conparentid, 0) as stems_from, pg_get_constraintdef(k.oid) as definition,
  k.coninhcount > 0 as inherited,
  (select string_agg(t.tgfoid::regproc || ' ' || case t.tgenabled when 'D' then 'disabled'
     when 'R' then 'replica' else 'always' end, ', ' order by t.tgfoid) from pg_trigger t
   where t.tgconstraint = k.oid and t.tgisinternal and t.tgenabled <> 'O') as triggers
from pg_constraint k left join pg_constraint p on p.oid = k.conparentid
where k.oid >= 16384 and k.contype in ('c', 'f', 'p', 'u', 'x') and k.conrelid <> 0
  and k.conrelid is distinct from p.conrelid
union all
select k.oid, k.connamespace, 'domain constraint',
  quote_ident(k.conname) || ' on domain ' || k.contypid::regtype, k.contypid,
  null, pg_get_constraintdef(k.oid), false, null
from pg_constraint k where k.oid >= 16384 and k.contype = 'c' and k.contypid <> 0
""",
)

INDEXES = Query(
    "indexes",
    "pg_class",
    """
select c.oid, c.relnamespace as namespace, c.oid::regclass::text as identity,
  i.indrelid as parent, k.oid as constraint_oid, h.inhparent as stems_from,
  pg_get_indexdef(c.oid) as definition, t.spcname as tablespace,
  i.indisclustered as clustered, not i.indisvalid as invalid, not i.indisready as not_ready,
  not i.indislive as not_live, not i.indimmediate as deferrable,
  h.inhparent::regclass::text as attached_to,
  array(select a.attnum || ' ' || a.attstattarget from pg_attribute a where a.attrelid = c.oid
    and a.attstattarget >= 0 order by 1) as statistics_targets
from pg_index i join pg_class c on c.oid = i.indexrelid
left join pg_tablespace t on t.oid = c.reltablespace
left join pg_inherits h on h.inhrelid = c.oid
left join pg_constraint k on k.conindid = c.oid and k.conrelid = i.indrelid
  and k.contype in ('p', 'u', 'x')
where c.oid >= 16384 and c.relnamespace <> 99 and c.relpersistence <> 't'
""",
    kind="index",
)

SEQUENCES = Query(
    "sequences",
    "pg_class",
    f"""
select c.oid, c.relnamespace as namespace, c.oid::regclass::text as identity,
  case when d.refobjid is null or t.relowner <> c.relowner then c.relowner end as owner,
  c.relowner as holder, coalesce(c.relacl, acldefault('s', c.relowner))::text[] as acl,
  d.refobjid as column_oid, d.refobjsubid as column_sub, d.deptype = 'i' as of_identity,
  case when d.deptype = 'a' then d.refobjid::regclass || '.' || quote_ident(a.attname)
    end as owned_by,
  c.relpersistence = 'u' and t.relpersistence is distinct from 'u' as unlogged,
  s.seqtypid::regtype::text as type, s.seqstart as start, s.seqincrement as increment,
  s.seqmin as minimum, s.seqmax as maximum, s.seqcache as cache, s.seqcycle as cycle
from pg_class c join pg_sequence s on s.seqrelid = c.oid
left join pg_depend d on d.classid = 'pg_class'::regclass and d.objid = c.oid and d.objsubid = 0
  and d.refclassid = 'pg_class'::regclass and d.deptype in ('a', 'i')
left join pg_class t on t.oid = d.refobjid
left join pg_attribute a on a.attrelid = d.refobjid and a.attnum = d.refobjsubid
where c.relkind = 'S' and {_USER}
""",
    kind="sequence",
)

TRIGGERS = Query(
    "triggers",
    "pg_trigger",
    """
select t.oid, c.relnamespace as namespace,
  quote_ident(t.tgname) || ' on ' || t.tgrelid::regclass as identity, t.tgrelid as parent,
  nullif(t.tgparentid, 0) as stems_from, pg_get_triggerdef(t.oid) as definition,
  case t.tgenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always'
    end as enabled
from pg_trigger t join pg_class c on c.oid = t.tgrelid
where not t.tgisinternal and c.relpersistence <> 't'
""",
    kind="trigger",
)

RULES = Query(
    "rules",
    "pg_rewrite",
    """
select r.oid, c.relnamespace as namespace,
  quote_ident(r.rulename) || ' on ' || r.ev_class::regclass as identity, r.ev_class as parent,
  pg_get_ruledef(r.oid) as definition,
  case r.ev_enabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always'
    end as enabled
from pg_rewrite r join pg_class c on c.oid = r.ev_class
where r.oid >= 16384 and r.rulename <> '_RETURN' and c.relpersistence <> 't'
""",
    kind="rule",
)

POLICIES = Query(
    "policies",
    "pg_policy",
    """
select p.oid, c.relnamespace as namespace,
  quote_ident(p.polname) || ' on ' || p.polrelid::regclass as identity, p.polrelid as parent,
  case p.polcmd when 'r' then 'select' when 'a' then 'insert' when 'w' then 'update'
    when 'd' then 'delete' else 'all' end as command,
  not p.polpermissive as restrictive, p.polroles as role_oids,
  pg_get_expr(p.polqual, p.polrelid) as using, pg_get_expr(p.polwithcheck, p.polrelid) as check
from pg_policy p join pg_class c on c.oid = p.polrelid
""",
    kind="policy",
)

STATISTICS = Query(
    "statistics",
    "pg_statistic_ext",
    """
select s.oid, s.stxnamespace as namespace,
  format('%I.%I', n.nspname, s.stxname) as identity, s.stxrelid as parent, s.stxowner as owner,
  pg_get_statisticsobjdef(s.oid) as definition, nullif(s.stxstattarget, -1) as statistics_target
from pg_statistic_ext s join pg_namespace n on n.oid = s.stxnamespace
""",
    kind="statistics",
)

QUERIES = (
    SCHEMAS,
    RELATIONS,
    COLUMNS,
    CONSTRAINTS,
    INDEXES,
    SEQUENCES,
    TRIGGERS,
    RULES,
    POLICIES,
    STATISTICS,
)
