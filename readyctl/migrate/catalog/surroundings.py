"""Queries for extensions, foreign data, replication, event triggers, comments, and what is left."""

from __future__ import annotations

from readyctl.migrate.catalog.query import Query

EXTENSIONS = Query(
    "extensions",
    "pg_extension",
    """
select e.oid, quote_ident(e.extname) as identity, e.extowner as owner,
  e.extversion as version, quote_ident(n.nspname) as schema,
  not e.extrelocatable as not_relocatable, a.default_version,
  a.comment as own_comment,
  array(select c::regclass::text from unnest(e.extconfig) c order by 1) as configuration_tables
from pg_extension e join pg_namespace n on n.oid = e.extnamespace
left join pg_available_extensions() a on a.name = e.extname
""",
    kind="extension",
)

EXTENSION_MEMBERS = Query(
    "extension members",
    "pg_depend",
    """
select d.classid::regclass::text as member_catalog, d.objid as member, e.extname as extension,
  d.deptype::text as how
from pg_depend d join pg_extension e on e.oid = d.refobjid
where d.refclassid = 'pg_extension'::regclass and d.deptype in ('e', 'x')
""",
)

# Of options names alone are read, and digests of their values: they hold passwords.
_OPTIONS = """array(select o.option_name || '=' || left(encode(sha256(convert_to(
    coalesce(o.option_value, ''), 'UTF8')), 'hex'), 16)
    from pg_options_to_table({}) o order by 1)"""

WRAPPERS = Query(
    "foreign data wrappers",
    "pg_foreign_data_wrapper",
    f"""
select w.oid, quote_ident(w.fdwname) as identity, w.fdwowner as owner,
  coalesce(w.fdwacl, acldefault('F', w.fdwowner))::text[] as acl,
  nullif(w.fdwhandler, 0)::regproc::text as handler,
  nullif(w.fdwvalidator, 0)::regproc::text as validator,
  {_OPTIONS.format("w.fdwoptions")} as foreign_options
from pg_foreign_data_wrapper w
""",
    kind="foreign-data wrapper",
)

SERVERS = Query(
    "servers",
    "pg_foreign_server",
    f"""
select s.oid, quote_ident(s.srvname) as identity, s.srvowner as owner,
  coalesce(s.srvacl, acldefault('S', s.srvowner))::text[] as acl,
  quote_ident(w.fdwname) as wrapper, s.srvtype as type, s.srvversion as version,
  {_OPTIONS.format("s.srvoptions")} as foreign_options
from pg_foreign_server s join pg_foreign_data_wrapper w on w.oid = s.srvfdw
""",
    kind="server",
)

USER_MAPPINGS = Query(
    "user mappings",
    "pg_user_mapping",
    f"""
select m.umid as oid, case m.umuser when 0 then 'public' else m.usename end as role,
  quote_ident(m.srvname) as server, m.srvid as parent, m.umoptions is null as options_hidden,
  {_OPTIONS.format("m.umoptions")} as foreign_options
from pg_user_mappings m
""",
    kind="user mapping",
    parent_in="pg_foreign_server",
)

EVENT_TRIGGERS = Query(
    "event triggers",
    "pg_event_trigger",
    """
select e.oid, quote_ident(e.evtname) as identity, e.evtowner as owner, e.evtevent as event,
  e.evtfoid::regproc::text as function, e.evttags as tags,
  case e.evtenabled when 'D' then 'disabled' when 'R' then 'replica' when 'A' then 'always'
    end as enabled
from pg_event_trigger e
""",
    kind="event trigger",
)

PUBLICATIONS = Query(
    "publications",
    "pg_publication",
    """
select p.oid, quote_ident(p.pubname) as identity, p.pubowner as owner,
  p.puballtables as all_tables, concat_ws(', ', case when p.pubinsert then 'insert' end,
    case when p.pubupdate then 'update' end, case when p.pubdelete then 'delete' end,
    case when p.pubtruncate then 'truncate' end) as publishes,
  case p.pubgencols when 's' then 'stored' end as generated_columns, -- 18+
  p.pubviaroot as via_root
from pg_publication p
""",
    kind="publication",
)

PUBLICATION_TABLES = Query(
    "publication tables",
    "pg_publication_rel",
    """
select r.oid, r.prrelid::regclass || ' in ' || quote_ident(p.pubname) as identity,
  r.prpubid as parent, array(select quote_ident(a.attname) from unnest(r.prattrs) n
    join pg_attribute a on a.attrelid = r.prrelid and a.attnum = n order by n) as columns,
  pg_get_expr(r.prqual, r.prrelid) as rows
from pg_publication_rel r join pg_publication p on p.oid = r.prpubid
""",
    kind="publication table",
    parent_in="pg_publication",
)

PUBLICATION_SCHEMAS = Query(
    "publication schemas",
    "pg_publication_namespace",
    """
select s.oid, quote_ident(n.nspname) || ' in ' || quote_ident(p.pubname) as identity,
  s.pnpubid as parent
from pg_publication_namespace s join pg_publication p on p.oid = s.pnpubid
join pg_namespace n on n.oid = s.pnnspid
""",
    kind="publication schema",
    parent_in="pg_publication",
)

# Without subconninfo, which holds a password and which nobody but a superuser may read.
SUBSCRIPTIONS = Query(
    "subscriptions",
    "pg_subscription",
    """
select s.oid, quote_ident(s.subname) as identity, s.subowner as owner,
  not s.subenabled as disabled, s.subpublications as publications, s.subslotname as slot,
  s.subbinary as binary, s.subtwophasestate <> 'd' as two_phase,
  s.subdisableonerr as disable_on_error, s.subsynccommit as synchronous_commit
  , s.suborigin as origin -- 16+
  , not s.subpasswordrequired as no_password_required, s.subrunasowner as run_as_owner -- 16+
  , s.subfailover as failover -- 17+
from pg_subscription s join pg_database d on d.oid = s.subdbid
where d.datname = current_database()
""",
    kind="subscription",
)

COMMENTS = Query(
    "comments",
    "pg_description",
    """
select d.classoid::regclass::text as of_catalog, d.objoid as oid, d.objsubid as sub,
  d.description as comment
from pg_description d where d.objoid >= 16384
  or d.classoid = 'pg_namespace'::regclass and d.objoid = 'public'::regnamespace
  or d.classoid = 'pg_extension'::regclass
union all
select d.classoid::regclass::text, d.objoid, 0, d.description
from pg_shdescription d
where d.classoid <> 'pg_database'::regclass
  or d.objoid = (select oid from pg_database where datname = current_database())
""",
)

LABELS = Query(
    "security labels",
    "pg_seclabel",
    """
select l.classoid::regclass::text as of_catalog, l.objoid as oid, l.objsubid as sub,
  l.provider, l.label
from pg_seclabel l
union all
select l.classoid::regclass::text, l.objoid, 0, l.provider, l.label
from pg_shseclabel l where l.classoid <> 'pg_database'::regclass
  or l.objoid = (select oid from pg_database where datname = current_database())
""",
)

# Every kind of relation, constraint, routine, type and catalog that no query above reads.
UNKNOWN = Query(
    "unknown",
    "pg_class",
    """
select 'large objects' as what, count(*) as number from pg_largeobject_metadata
  having count(*) > 0
union all select 'relations of kind ' || c.relkind::text, count(*) from pg_class c
  where c.oid >= 16384 and c.relkind not in ('r', 'p', 'v', 'm', 'f', 'c', 'i', 'I', 'S', 't')
  group by c.relkind
union all select 'constraints of type ' || k.contype::text, count(*) from pg_constraint k
  where k.oid >= 16384 and k.contype not in ('c', 'f', 'p', 'u', 'x', 't', 'n') group by k.contype
union all select 'routines of kind ' || p.prokind::text, count(*) from pg_proc p
  where p.oid >= 16384 and p.prokind not in ('f', 'p', 'w', 'a') group by p.prokind
union all select 'types of kind ' || t.typtype::text, count(*) from pg_type t
  where t.oid >= 16384 and t.typtype not in ('b', 'c', 'd', 'e', 'm', 'r')
    and not (t.typtype = 'p' and not t.typisdefined) group by t.typtype
union all select 'objects of the catalog ' || c.relname, null from pg_class c
  where c.relnamespace = 'pg_catalog'::regnamespace and c.relkind = 'r' and c.oid < 16384
    and c.relname <> all ('{pg_aggregate,pg_am,pg_amop,pg_amproc,pg_attrdef,pg_attribute,
      pg_auth_members,pg_authid,pg_cast,pg_class,pg_collation,pg_constraint,pg_conversion,
      pg_database,pg_db_role_setting,pg_default_acl,pg_depend,pg_description,pg_enum,
      pg_event_trigger,pg_extension,pg_foreign_data_wrapper,pg_foreign_server,pg_foreign_table,
      pg_index,pg_inherits,pg_init_privs,pg_language,pg_largeobject,pg_largeobject_metadata,
      pg_namespace,pg_opclass,pg_operator,pg_opfamily,pg_parameter_acl,pg_partitioned_table,
      pg_policy,pg_proc,pg_publication,pg_publication_namespace,pg_publication_rel,pg_range,
      pg_replication_origin,pg_rewrite,pg_seclabel,pg_sequence,pg_shdepend,pg_shdescription,
      pg_shseclabel,pg_statistic,pg_statistic_ext,pg_statistic_ext_data,pg_subscription,
      pg_subscription_rel,pg_tablespace,pg_transform,pg_trigger,pg_ts_config,pg_ts_config_map,
      pg_ts_dict,pg_ts_parser,pg_ts_template,pg_type,pg_user_mapping}'::name[])
""",
)

QUERIES = (
    EXTENSIONS,
    EXTENSION_MEMBERS,
    WRAPPERS,
    SERVERS,
    USER_MAPPINGS,
    EVENT_TRIGGERS,
    PUBLICATIONS,
    PUBLICATION_TABLES,
    PUBLICATION_SCHEMAS,
    SUBSCRIPTIONS,
    COMMENTS,
    LABELS,
    UNKNOWN,
)
