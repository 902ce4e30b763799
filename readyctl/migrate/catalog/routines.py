"""Queries for routines, types, operators, text search, and the other things that are named."""

from __future__ import annotations

from readyctl.migrate.catalog.query import Query

_OF_TYPE = """(select max(coalesce(r.rngtypid, d.refobjid)) from pg_depend d
    left join pg_range r on r.rngmultitypid = d.refobjid where d.classid = '{}'::regclass
    and d.objid = {} and d.deptype = 'i' and d.refclassid = 'pg_type'::regclass) as parent"""

ROUTINES = Query(
    "routines",
    "pg_proc",
    f"""
select p.oid, p.pronamespace as namespace, p.oid::regprocedure::text as identity,
  {_OF_TYPE.format("pg_proc", "p.oid")},
  case p.prokind when 'p' then 'procedure' when 'w' then 'window function' else 'function'
    end as kind,
  p.proowner as owner, coalesce(p.proacl, acldefault('f', p.proowner))::text[] as acl,
  pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result,
  l.lanname as language, p.prosrc as body,
  case when p.prosqlbody is not null then pg_get_function_sqlbody(p.oid) end as definition,
  p.probin as library,
  case p.provolatile when 'i' then 'immutable' when 's' then 'stable' end as volatility,
  p.proisstrict as strict, p.prosecdef as security_definer, p.proleakproof as leakproof,
  case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end as parallel,
  nullif(p.procost, case when l.lanname in ('internal', 'c') then 1 else 100 end) as cost,
  nullif(p.prorows, case when p.proretset then 1000 else 0 end) as rows,
  case when p.prosupport <> 0 then p.prosupport::regproc::text end as support,
  p.proconfig as configuration,
  array(select format_type(t, null) from unnest(p.protrftypes) t) as transforms
from pg_proc p join pg_language l on l.oid = p.prolang
where p.oid >= 16384 and p.prokind in ('f', 'p', 'w')
""",
    parent_in="pg_type",
)

AGGREGATES = Query(
    "aggregates",
    "pg_proc",
    """
select p.oid, p.pronamespace as namespace, p.oid::regprocedure::text as identity,
  p.proowner as owner, coalesce(p.proacl, acldefault('f', p.proowner))::text[] as acl,
  pg_get_function_arguments(p.oid) as arguments, pg_get_function_result(p.oid) as result,
  case g.aggkind when 'o' then 'ordered-set' when 'h' then 'hypothetical-set' end as variant,
  g.aggtransfn::regproc::text as state_function,
  format_type(g.aggtranstype, null) as state_type, nullif(g.aggtransspace, 0) as state_space,
  g.agginitval as initial,
  nullif(g.aggfinalfn, 0)::regproc::text as final_function, g.aggfinalextra as final_extra,
  g.aggfinalmodify as final_modify,
  nullif(g.aggcombinefn, 0)::regproc::text as combine_function,
  nullif(g.aggserialfn, 0)::regproc::text as serial_function,
  nullif(g.aggdeserialfn, 0)::regproc::text as deserial_function,
  nullif(g.aggmtransfn, 0)::regproc::text as moving_state_function,
  nullif(g.aggminvtransfn, 0)::regproc::text as moving_inverse_function,
  nullif(g.aggmfinalfn, 0)::regproc::text as moving_final_function,
  nullif(g.aggmtranstype, 0)::regtype::text as moving_state_type,
  g.aggminitval as moving_initial,
  nullif(g.aggsortop, 0)::regoperator::text as sort_operator,
  case p.proparallel when 's' then 'safe' when 'r' then 'restricted' end as parallel
from pg_proc p join pg_aggregate g on g.aggfnoid = p.oid
where p.oid >= 16384
""",
    kind="aggregate",
)

TYPES = Query(
    "types",
    "pg_type",
    """
select t.oid, t.typnamespace as namespace, t.oid::regtype::text as identity,
  case when t.typtype = 'd' then 'domain' when t.typtype = 'e' then 'enum'
    when c.relkind <> 'c' then 'row type' else 'type' end as kind,
  t.typowner as owner, coalesce(t.typacl, acldefault('T', t.typowner))::text[] as acl,
  case t.typtype when 'c' then 'composite' when 'r' then 'range' when 'b' then 'base'
    when 'p' then 'shell' end as variant,
  array(select e.enumlabel from pg_enum e where e.enumtypid = t.oid order by e.enumsortorder)
    as labels,
  case when t.typtype = 'd' then format_type(t.typbasetype, t.typtypmod) end as base_type,
  case when t.typtype = 'd' then t.typnotnull end as not_null,
  case when t.typtype in ('d', 'b') then t.typdefault end as "default",
  case when t.typtype = 'd' and t.typcollation <> b.typcollation
    then t.typcollation::regcollation::text end as collation,
  case when t.typtype = 'r' then concat_ws(' ', 'subtype', format_type(r.rngsubtype, null),
    'opclass', (select format('%I.%I', n.nspname, o.opcname) from pg_opclass o
      join pg_namespace n on n.oid = o.opcnamespace where o.oid = r.rngsubopc),
    'collation', nullif(r.rngcollation, 0)::regcollation::text,
    'canonical', nullif(r.rngcanonical, 0)::regproc::text,
    'subdiff', nullif(r.rngsubdiff, 0)::regproc::text,
    'multirange', r.rngmultitypid::regtype::text) end as range,
  case when t.typtype = 'b' then concat_ws(' ', t.typinput::regproc, t.typoutput::regproc,
    t.typreceive::regproc, t.typsend::regproc, t.typmodin::regproc, t.typmodout::regproc,
    t.typanalyze::regproc, t.typsubscript::regproc, t.typlen, t.typbyval, t.typalign,
    t.typstorage, t.typcategory, t.typispreferred, t.typdelim, nullif(t.typelem, 0)::regtype,
    nullif(t.typcollation, 0)::regcollation) end as implementation
from pg_type t left join pg_class c on c.oid = t.typrelid
left join pg_type b on b.oid = t.typbasetype left join pg_range r on r.rngtypid = t.oid
where t.oid >= 16384 and (t.typtype in ('d', 'e', 'r', 'b', 'c')
    or t.typtype = 'p' and not t.typisdefined)
  and (t.typtype <> 'c' or c.relkind = 'c' or t.typacl is not null)
  and (t.typtype <> 'b' or not exists (select from pg_type e where e.typarray = t.oid))
""",
)

OPERATORS = Query(
    "operators",
    "pg_operator",
    """
select o.oid, o.oprnamespace as namespace,
  o.oid::regoperator::text as identity, o.oprowner as owner,
  nullif(o.oprcode, 0)::regproc::text as function, o.oprresult::regtype::text as result,
  nullif(o.oprcom, 0)::regoperator::text as commutator,
  nullif(o.oprnegate, 0)::regoperator::text as negator,
  nullif(o.oprrest, 0)::regproc::text as restrict,
  nullif(o.oprjoin, 0)::regproc::text as join,
  o.oprcanhash as hashes, o.oprcanmerge as merges
from pg_operator o where o.oid >= 16384
""",
    kind="operator",
)

OPERATOR_CLASSES = Query(
    "operator classes",
    "pg_opclass",
    """
select o.oid, o.opcnamespace as namespace,
  format('%I.%I using %I', n.nspname, o.opcname, a.amname) as identity, o.opcowner as owner,
  o.opcintype::regtype::text as type, o.opcdefault as "is_default",
  nullif(o.opckeytype, 0)::regtype::text as storage,
  format('%I.%I', fn.nspname, f.opfname) as family
from pg_opclass o join pg_namespace n on n.oid = o.opcnamespace join pg_am a on a.oid = o.opcmethod
join pg_opfamily f on f.oid = o.opcfamily join pg_namespace fn on fn.oid = f.opfnamespace
where o.oid >= 16384
""",
    kind="operator class",
)

OPERATOR_FAMILIES = Query(
    "operator families",
    "pg_opfamily",
    """
select f.oid, f.opfnamespace as namespace,
  format('%I.%I using %I', n.nspname, f.opfname, a.amname) as identity, f.opfowner as owner,
  array(select concat_ws(' ', m.amopstrategy, m.amopopr::regoperator,
      case when m.amopsortfamily <> 0 then 'for order by' end) from pg_amop m
    where m.amopfamily = f.oid order by 1) as operators,
  array(select concat_ws(' ', p.amprocnum, p.amproclefttype::regtype, p.amprocrighttype::regtype,
      p.amproc::regprocedure) from pg_amproc p where p.amprocfamily = f.oid order by 1)
    as functions
from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod
where f.oid >= 16384
union all
select f.oid, 0, format('%I.%I using %I', n.nspname, f.opfname, a.amname), null,
  array(select concat_ws(' ', m.amopstrategy, m.amopopr::regoperator) from pg_amop m
    where m.amopfamily = f.oid and m.oid >= 16384 order by 1),
  array(select concat_ws(' ', p.amprocnum, p.amproclefttype::regtype, p.amprocrighttype::regtype,
      p.amproc::regprocedure) from pg_amproc p where p.amprocfamily = f.oid and p.oid >= 16384
    order by 1)
from pg_opfamily f join pg_namespace n on n.oid = f.opfnamespace join pg_am a on a.oid = f.opfmethod
where f.oid < 16384 and (exists (select from pg_amop m where m.amopfamily = f.oid
      and m.oid >= 16384 and not exists (select from pg_depend d join pg_depend x
        on x.classid = d.refclassid and x.objid = d.refobjid and x.deptype = 'e'
        where d.classid = 'pg_amop'::regclass and d.objid = m.oid))
    or exists (select from pg_amproc p where p.amprocfamily = f.oid and p.oid >= 16384
      and not exists (select from pg_depend d join pg_depend x
        on x.classid = d.refclassid and x.objid = d.refobjid and x.deptype = 'e'
        where d.classid = 'pg_amproc'::regclass and d.objid = p.oid)))
""",
    kind="operator family",
)

CASTS = Query(
    "casts",
    "pg_cast",
    f"""
select c.oid, {_OF_TYPE.format("pg_cast", "c.oid")},
  format('(%s as %s)', c.castsource::regtype, c.casttarget::regtype) as identity,
  nullif(c.castfunc, 0)::regprocedure::text as function,
  case c.castcontext when 'i' then 'implicit' when 'a' then 'assignment' end as context,
  case c.castmethod when 'i' then 'inout' when 'b' then 'binary' end as method
from pg_cast c where c.oid >= 16384
""",
    kind="cast",
    parent_in="pg_type",
)

LANGUAGES = Query(
    "languages",
    "pg_language",
    """
select l.oid, quote_ident(l.lanname) as identity, l.lanowner as owner,
  coalesce(l.lanacl, acldefault('l', l.lanowner))::text[] as acl, l.lanpltrusted as trusted,
  nullif(l.lanplcallfoid, 0)::regproc::text as handler,
  nullif(l.laninline, 0)::regproc::text as inline,
  nullif(l.lanvalidator, 0)::regproc::text as validator
from pg_language l where l.oid >= 16384
""",
    kind="language",
)

ACCESS_METHODS = Query(
    "access methods",
    "pg_am",
    """
select a.oid, quote_ident(a.amname) as identity, a.amhandler::regproc::text as handler,
  case a.amtype when 't' then 'table' else 'index' end as type
from pg_am a where a.oid >= 16384
""",
    kind="access method",
)

COLLATIONS = Query(
    "collations",
    "pg_collation",
    """
select c.oid, c.collnamespace as namespace,
  format('%I.%I', n.nspname, c.collname) as identity, c.collowner as owner,
  case c.collprovider when 'i' then 'icu' when 'c' then 'libc' when 'b' then 'builtin'
    else 'default' end as provider,
  not c.collisdeterministic as not_deterministic, c.collcollate as lc_collate,
  c.collctype as lc_ctype,
  c.colliculocale as locale -- until 16
  c.colllocale as locale -- 17+
  , c.collicurules as rules -- 16+
from pg_collation c join pg_namespace n on n.oid = c.collnamespace where c.oid >= 16384
""",
    kind="collation",
)

CONVERSIONS = Query(
    "conversions",
    "pg_conversion",
    """
select c.oid, c.connamespace as namespace,
  format('%I.%I', n.nspname, c.conname) as identity, c.conowner as owner,
  pg_encoding_to_char(c.conforencoding) as source, pg_encoding_to_char(c.contoencoding) as target,
  c.conproc::regproc::text as function, c.condefault as "is_default"
from pg_conversion c join pg_namespace n on n.oid = c.connamespace where c.oid >= 16384
""",
    kind="conversion",
)

TRANSFORMS = Query(
    "transforms",
    "pg_transform",
    """
select t.oid, format('for %s language %I', t.trftype::regtype, l.lanname) as identity,
  nullif(t.trffromsql, 0)::regprocedure::text as from_sql,
  nullif(t.trftosql, 0)::regprocedure::text as to_sql
from pg_transform t join pg_language l on l.oid = t.trflang where t.oid >= 16384
""",
    kind="transform",
)

TEXT_SEARCH = Query(
    "text search configurations",
    "pg_ts_config",
    """
select c.oid, c.cfgnamespace as namespace,
  format('%I.%I', n.nspname, c.cfgname) as identity, c.cfgowner as owner,
  format('%I.%I', pn.nspname, p.prsname) as parser,
  array(select y.alias || ': ' || string_agg(m.mapdict::regdictionary::text, ', '
      order by m.mapseqno) from pg_ts_config_map m
    join ts_token_type(c.cfgparser) y on y.tokid = m.maptokentype
    where m.mapcfg = c.oid group by y.alias order by 1) as mappings
from pg_ts_config c join pg_namespace n on n.oid = c.cfgnamespace
join pg_ts_parser p on p.oid = c.cfgparser join pg_namespace pn on pn.oid = p.prsnamespace
where c.oid >= 16384
""",
    kind="text search configuration",
)

DICTIONARIES = Query(
    "text search dictionaries",
    "pg_ts_dict",
    """
select d.oid, d.dictnamespace as namespace,
  format('%I.%I', n.nspname, d.dictname) as identity, d.dictowner as owner,
  format('%I.%I', tn.nspname, t.tmplname) as template, d.dictinitoption as init_options
from pg_ts_dict d join pg_namespace n on n.oid = d.dictnamespace
join pg_ts_template t on t.oid = d.dicttemplate join pg_namespace tn on tn.oid = t.tmplnamespace
where d.oid >= 16384
""",
    kind="text search dictionary",
)

PARSERS = Query(
    "text search parsers",
    "pg_ts_parser",
    """
select p.oid, p.prsnamespace as namespace, format('%I.%I', n.nspname, p.prsname) as identity,
  concat_ws(', ', p.prsstart::regproc, p.prstoken::regproc, p.prsend::regproc,
    p.prsheadline::regproc, p.prslextype::regproc) as functions
from pg_ts_parser p join pg_namespace n on n.oid = p.prsnamespace where p.oid >= 16384
""",
    kind="text search parser",
)

TEMPLATES = Query(
    "text search templates",
    "pg_ts_template",
    """
select t.oid, t.tmplnamespace as namespace, format('%I.%I', n.nspname, t.tmplname) as identity,
  concat_ws(', ', t.tmplinit::regproc, t.tmpllexize::regproc) as functions
from pg_ts_template t join pg_namespace n on n.oid = t.tmplnamespace where t.oid >= 16384
""",
    kind="text search template",
)

QUERIES = (
    ROUTINES,
    AGGREGATES,
    TYPES,
    OPERATORS,
    OPERATOR_CLASSES,
    OPERATOR_FAMILIES,
    CASTS,
    LANGUAGES,
    ACCESS_METHODS,
    COLLATIONS,
    CONVERSIONS,
    TRANSFORMS,
    TEXT_SEARCH,
    DICTIONARIES,
    PARSERS,
    TEMPLATES,
)
