"""Extensions that Supabase projects use: what Aurora PostgreSQL has, and what becomes of others."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

# What takes the place of an extension: never created, though Aurora may have it.
INSTEAD: Mapping[str, str] = MappingProxyType(
    {
        "pg_cron": "EventBridge schedules call what its jobs called",
        "pg_net": "a function drains net.http_request_queue (EventBridge, or SQS)",
        "http": "call the address from a function, not from the database",
        "supabase_vault": "secrets are in AWS Secrets Manager",
        "pgsodium": "encrypt with AWS KMS, in the function that reads and writes",
        "pg_graphql": "serve GraphQL with AppSync, or use the routes of the backend",
        "pgmq": "the queues of the prelude work as they are; SQS is made for it",
        "pgjwt": "the functions of the prelude sign and verify; Cognito makes tokens",
        "pg_jsonschema": "validate in the function that writes",
        "wrappers": "read the other system from a function",
        "timescaledb": "use partitions (pg_partman)",
        "pgroonga": "use full text search, pg_trgm or OpenSearch",
        "index_advisor": "use Performance Insights",
        "pg_hashids": "make the short id in the function that shows it",
        "pg_tle": "packages of database.dev are not installed; put their SQL into a migration",
        "supabase-dbdev": "packages of database.dev are not installed",
        "pg_backtrace": "it is not needed",
        "pg_plan_filter": "it is not needed",
        "pgroonga_database": "use full text search, pg_trgm or OpenSearch",
        "plan_filter": "it is not needed",
        "safeupdate": "it is not needed",
    }
)

# They are there before the first migration of a Supabase project runs.
PREINSTALLED = frozenset({"pgcrypto", "uuid-ossp"})

# Which piece of the prelude a function belongs to, where it is called without its schema.
FUNCTIONS: Mapping[str, str] = MappingProxyType(
    {
        **dict.fromkeys(
            [
                "digest",
                "hmac",
                "crypt",
                "gen_salt",
                "gen_random_bytes",
                "pgp_sym_encrypt",
                "pgp_sym_decrypt",
                "pgp_sym_encrypt_bytea",
                "pgp_sym_decrypt_bytea",
                "encrypt",
                "decrypt",
                "encrypt_iv",
                "decrypt_iv",
                "armor",
                "dearmor",
                "pgp_pub_encrypt",
                "pgp_pub_decrypt",
            ],
            "extension:pgcrypto",
        ),
        **dict.fromkeys(
            [
                "uuid_generate_v1",
                "uuid_generate_v1mc",
                "uuid_generate_v3",
                "uuid_generate_v4",
                "uuid_generate_v5",
                "uuid_nil",
                "uuid_ns_dns",
                "uuid_ns_url",
                "uuid_ns_oid",
            ],
            "extension:uuid-ossp",
        ),
        "moddatetime": "extension:moddatetime",
        "unaccent": "extension:unaccent",
        **dict.fromkeys(
            [
                "http",
                "http_get",
                "http_post",
                "http_put",
                "http_patch",
                "http_delete",
                "http_header",
                "http_set_curlopt",
                "http_reset_curlopt",
            ],
            "extension:http",
        ),
        **dict.fromkeys(("http_request", "http_response"), "extension:http"),
        **dict.fromkeys(
            ["json_matches_schema", "jsonb_matches_schema", "jsonschema_is_valid"],
            "extension:pg_jsonschema",
        ),
        "id_encode": "extension:pg_hashids",
    }
)
# Words that mean other things as often: only behind `extensions.` they are meant.
ORDINARY = frozenset(
    {"encrypt", "decrypt", "sign", "verify", "http", "http_request", "http_response", "armor"}
)

# Languages that an extension on Aurora's list brings.
LANGUAGES: Mapping[str, str] = MappingProxyType(
    {"plv8": "plv8", "plperl": "plperl", "pltcl": "pltcl", "plcoffee": "plcoffee", "plls": "plls"}
)
TRUSTED = frozenset({"sql", "plpgsql", "internal"})

# Methods of indexes that PostgreSQL, or an extension on Aurora's list, has.
INDEXES = frozenset(
    {"btree", "hash", "gin", "gist", "spgist", "brin", "hnsw", "ivfflat", "bloom", "rtree"}
)


def hint(extension: str) -> str:
    """Return what to do about an extension that is not created here."""
    return INSTEAD.get(extension, "Aurora PostgreSQL does not list it: do without, or ask AWS")
