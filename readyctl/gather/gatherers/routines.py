"""Facts about what runs with the rights of its owner, and what the database publishes."""

from __future__ import annotations

import re
from typing import TypedDict

from readyctl.gather.base import Sources, fact

_NAME = re.compile(r'\s*(?:"((?:[^"]|"")*)"|([^,\s]+))\s*(?:,|$)')


class Definer(TypedDict):
    """A routine that runs with its owner's rights.

    `search_path` are the schemas that it sets for itself, in their order; `pinned` says whether it
    sets them at all, an empty path included. `open_schemas` are those of them in which everybody
    may make an object of the name that the routine looks for.
    """

    schema: str
    name: str
    arguments: str
    owner: str
    pinned: bool
    search_path: list[str]
    open_schemas: list[str]


class Publication(TypedDict):
    """A publication, and the tables that it publishes, with their schemas."""

    name: str
    tables: list[str]


@fact("security_definers", origin="postgres")
def security_definers(sources: Sources) -> list[Definer]:
    """Routines outside the system and extensions that run with the rights of their owner."""
    rows = sources.postgres.query(
        """
        select n.nspname::text as schema, p.proname::text as name,
               pg_get_function_identity_arguments(p.oid) as arguments,
               pg_get_userbyid(p.proowner)::text as owner,
               (select substring(setting from '^search_path=(.*)$')
                from unnest(p.proconfig) setting
                where starts_with(setting, 'search_path=')) as path,
               array(select s.nspname::text from pg_namespace s
                     where has_schema_privilege('public', s.oid, 'CREATE')) as open_schemas
        from pg_proc p join pg_namespace n on n.oid = p.pronamespace
        where p.prosecdef and n.nspname not in ('pg_catalog', 'information_schema')
          and not exists (select from pg_depend d where d.classid = 'pg_proc'::regclass
                          and d.objid = p.oid and d.deptype = 'e')
        order by 1, 2, 3
        """
    )
    return [_definer(row) for row in rows]


@fact("publications", origin="postgres")
def publications(sources: Sources) -> list[Publication]:
    """Publications of the database; one of all tables names each."""
    rows = sources.postgres.query(
        """
        select p.pubname::text as name,
               array(select t.schemaname || '.' || t.tablename from pg_publication_tables t
                     where t.pubname = p.pubname order by 1) as tables
        from pg_publication p order by 1
        """
    )
    return [Publication(name=row["name"], tables=row["tables"]) for row in rows]


def schemas_of(setting: str) -> list[str]:
    """Return the schemas that the text of a `search_path` names, quotes taken off."""
    found = []
    for match in _NAME.finditer(setting):
        quoted, plain = match.groups()
        found.append(quoted.replace('""', '"') if quoted is not None else plain)
    return [name for name in found if name]


def _definer(row: dict[str, object]) -> Definer:
    path, open_schemas = row["path"], row["open_schemas"]
    schemas = schemas_of(str(path)) if path is not None else []
    known = set(open_schemas) if isinstance(open_schemas, list) else set()
    return Definer(
        schema=str(row["schema"]),
        name=str(row["name"]),
        arguments=str(row["arguments"]),
        owner=str(row["owner"]),
        pinned=path is not None,
        search_path=schemas,
        open_schemas=[name for name in schemas if name in known],
    )
