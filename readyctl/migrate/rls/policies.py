"""What the policies alone say, and the digest by which a later change of them shows."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from typing import Any, LiteralString

from readyctl.migrate.rls.catalog import Catalog, Relation
from readyctl.model.rls import Command, Reach

# Names are written out in full whatever the reader's search path is, or else two readers differ.
DIGEST_LINES: LiteralString = """
with path as materialized (select set_config('search_path', 'pg_catalog', true) as setting)
select found.line as line
from path, lateral (
  with relation as (
    select c.oid, format('%%I.%%I', n.nspname, c.relname) as name, c.relacl, c.relowner,
           c.relrowsecurity, c.relforcerowsecurity
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p') and path.setting is not null
      and n.nspname not in ('pg_catalog', 'information_schema')
      and n.nspname !~ '^pg_(toast|temp)' and n.nspname <> %s
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass
                      and d.objid = c.oid and d.deptype = 'e')
  )
  select format('table %%s %%s %%s', name, relrowsecurity, relforcerowsecurity) from relation
  union all
  select format('policy %%s %%I %%s %%s %%s', r.name, p.polname, p.polcmd, p.polpermissive,
                concat_ws(' | ', array(select coalesce(g.rolname, 'public')
                                       from unnest(p.polroles) o (oid)
                                       left join pg_roles g on g.oid = o.oid order by 1)::text,
                          coalesce(pg_get_expr(p.polqual, p.polrelid), '-'),
                          coalesce(pg_get_expr(p.polwithcheck, p.polrelid), '-')))
  from pg_policy p join relation r on r.oid = p.polrelid
  union all
  select format('grant %%s %%s %%s', r.name, coalesce(g.rolname, 'public'), a.privilege_type)
  from relation r, aclexplode(r.relacl) a left join pg_roles g on g.oid = a.grantee
  where a.grantee <> r.relowner
  union all
  select format('grant %%s.%%I %%s %%s', r.name, c.attname, coalesce(g.rolname, 'public'),
                a.privilege_type)
  from relation r join pg_attribute c on c.attrelid = r.oid and c.attnum > 0
       and not c.attisdropped, aclexplode(c.attacl) a
       left join pg_roles g on g.oid = a.grantee
  where a.grantee <> r.relowner
  union all
  select distinct format('function %%s %%s', p.oid::regprocedure, md5(p.prosrc))
  from pg_depend d join pg_policy l on l.oid = d.objid join relation r on r.oid = l.polrelid
       join pg_proc p on p.oid = d.refobjid
  where d.classid = 'pg_policy'::regclass and d.refclassid = 'pg_proc'::regclass
  union all
  select format('bypass %%I', g.rolname) from pg_roles g
  where g.rolbypassrls and g.rolname !~ '^(pg_|rds|aws)' and not g.rolsuper
) found (line)
"""
_COMMANDS = {"*": frozenset("rawd"), "r": "r", "a": "a", "w": "w", "d": "d"}
_LETTER = {Command.SELECT: "r", Command.INSERT: "a", Command.UPDATE: "w", Command.DELETE: "d"}


def digest(lines: Iterable[Any]) -> str:
    """Return the digest of what `DIGEST_LINES` selects, in whichever order it comes."""
    text = "\n".join(sorted(str(line) for line in lines))
    return "sha256:" + hashlib.sha256(text.encode()).hexdigest()


def reach(catalog: Catalog, relation: Relation, role: str, command: Command) -> Reach:
    """Return how far the policies let a role that is granted a command; rows are not looked at.

    `some` says that an expression decides.
    """
    known = catalog.role(role)
    if known and (known.superuser or known.bypasses):
        return Reach.ALL
    if not relation.table.enabled or relation.table.kind == "foreign":
        return Reach.ALL
    if relation.table.owner == role and not relation.table.forced:
        return Reach.ALL
    applying = [
        policy
        for policy in catalog.policies.get(relation.oid, ())
        if role in policy.roles and _LETTER[command] in _COMMANDS[policy.command]
    ]
    permissive = [policy for policy in applying if policy.permissive]
    if not permissive:
        return Reach.NONE
    expressions = [_expression(policy.using, policy.check, command) for policy in permissive]
    restrictive = [
        _expression(policy.using, policy.check, command)
        for policy in applying
        if not policy.permissive
    ]
    if "true" in expressions and all(expression == "true" for expression in restrictive):
        return Reach.ALL
    never = all(expression == "false" for expression in expressions) or "false" in restrictive
    return Reach.NONE if never else Reach.SOME


def narrower(catalog: Catalog, relation: Relation, role: str, command: Command) -> bool:
    """Whether reading is bound by other policies than a change that names no row."""
    found = [
        {
            policy.using
            for policy in catalog.policies.get(relation.oid, ())
            if role in policy.roles
            and policy.permissive
            and _LETTER[asked] in _COMMANDS[policy.command]
        }
        for asked in (command, Command.SELECT)
    ]
    return not found[0] <= found[1]


def _expression(using: str | None, check: str | None, command: Command) -> str:
    # A policy without a check of its own checks new rows by what it shows.
    found = check if command is Command.INSERT and check is not None else using
    return (found or "true").strip().lower()
