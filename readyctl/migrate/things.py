"""What migrations make and need, by name, and which of it is there without any file."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path

DEFAULT_PATH = ("public",)
TEMPORARY = "pg_temp"

_SYSTEM = {"pg_catalog", "information_schema", "pg_toast", TEMPORARY}
_SUPABASE_SCHEMAS = {
    *("auth", "storage", "realtime", "_realtime", "cron", "net", "vault", "extensions"),
    *("graphql", "graphql_public", "pgsodium", "pgsodium_masks", "supabase_functions", "pgmq"),
    *("supabase_migrations", "pgmq_public", "pgbouncer", "tiger", "tiger_data", "topology"),
    *("_analytics", "_supavisor", "pgtle", "partman", "pgroonga", "repack", "timescaledb"),
}
_SUPABASE_ROLES = {
    *("postgres", "anon", "authenticated", "service_role", "authenticator", "dashboard_user"),
    *("pgbouncer", "pgsodium_keyholder", "pgsodium_keyiduser", "pgsodium_keymaker", "pgtle_admin"),
}
_SUPABASE_ROLE = re.compile(r"supabase_\w+|pg_\w+|cli_login_\w+")
# Extensions whose names are too many to list: PostGIS, HypoPG, pgRouting and their like.
_EXTENSION = re.compile(r"(?:_?st|postgis|pg|hypopg|pgr|geometry|geography|pgp|uuid|h3|plv8)_.*")
# Extensions whose names are known: what else an unknown one brings, nobody can say.
_KNOWN_EXTENSIONS = {
    *(
        "uuid-ossp",
        "pgcrypto",
        "pg_trgm",
        "moddatetime",
        "pg_stat_statements",
        "vector",
        "unaccent",
    ),
    *(
        "citext",
        "hstore",
        "ltree",
        "cube",
        "earthdistance",
        "fuzzystrmatch",
        "intarray",
        "isn",
        "lo",
    ),
    *("tablefunc", "btree_gin", "btree_gist", "postgis", "postgis_raster", "postgis_topology"),
    *("pg_cron", "pg_net", "http", "pgsodium", "supabase_vault", "pg_graphql", "hypopg", "pgaudit"),
    *(
        "index_advisor",
        "pg_jsonschema",
        "pgmq",
        "wrappers",
        "plv8",
        "pgjwt",
        "plpgsql",
        "pg_repack",
    ),
    *("dblink", "postgres_fdw", "pgstattuple", "pgrowlocks", "xml2", "seg", "tcn", "autoinc"),
    *("insert_username", "refint", "sslinfo", "bloom", "pg_prewarm", "pg_walinspect", "pgrouting"),
}
_PLAIN = re.compile(r"[a-z_][a-z0-9_$]*")


class Kind(StrEnum):
    """What a name stands for. A view, a sequence and a foreign table share the names of tables."""

    TABLE = "table"
    TYPE = "type"
    FUNCTION = "function"
    SCHEMA = "schema"
    ROLE = "role"
    EXTENSION = "extension"


@dataclass(frozen=True, slots=True, order=True)
class Thing:
    """Something with a name; schemas, roles and extensions are in no schema."""

    kind: Kind
    schema: str
    name: str

    def __str__(self) -> str:
        parts = (self.schema, self.name) if self.schema not in ("", "public") else (self.name,)
        return f"{self.kind} {'.'.join(map(_quoted, parts))}"


def is_given(thing: Thing) -> bool:
    """Return whether a thing is there without any file: PostgreSQL or Supabase provides it."""
    if thing.kind is Kind.ROLE:
        return thing.name in _SUPABASE_ROLES or bool(_SUPABASE_ROLE.fullmatch(thing.name))
    schema = thing.name if thing.kind is Kind.SCHEMA else thing.schema
    return schema in _SYSTEM or is_supabase(schema) or thing == Thing(Kind.SCHEMA, "", "public")


def is_supabase(schema: str) -> bool:
    """Return whether a schema is one that Supabase makes in each of its projects."""
    return schema in _SUPABASE_SCHEMAS


def is_known_extension(name: str) -> bool:
    """Return whether the names that an extension brings are known."""
    return name in _KNOWN_EXTENSIONS


def is_built_in(kind: Kind, name: str) -> bool:
    """Return whether a name without a schema is PostgreSQL's own, or a common extension's."""
    if name.startswith("pg_") or _EXTENSION.fullmatch(name):
        return True
    functions, types, extensions = _built_in()
    if kind is Kind.TABLE:
        return name in ("geometry_columns", "geography_columns", "spatial_ref_sys")
    bare = name.removeprefix("_")
    return name in functions or bare in types or name in extensions or bare in extensions


@cache
def _built_in() -> tuple[frozenset[str], frozenset[str], frozenset[str]]:
    text = Path(__file__).with_name("builtins.txt").read_text(encoding="utf-8")
    functions, types, extensions = (part.split() for part in re.split(r"\[\w+\]\n", text)[1:])
    return frozenset(functions), frozenset(types), frozenset(extensions)


def _quoted(name: str) -> str:
    return name if _PLAIN.fullmatch(name) else '"' + name.replace('"', '""') + '"'
