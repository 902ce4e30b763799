"""What Supabase brings along: schemas, roles, and what stands for it."""

from __future__ import annotations

# Schemas that a Supabase project finds made.
MANAGED = frozenset(
    {
        *("auth", "storage", "realtime", "_realtime", "extensions", "vault", "net", "cron"),
        *("graphql", "graphql_public", "pgsodium", "pgsodium_masks", "pgmq", "pgmq_public"),
        *("supabase_functions", "supabase_migrations", "_analytics", "pgbouncer", "pgtle"),
        *("dbdev", "repack", "_supavisor"),
    }
)
# Roles that people's statements name.
CALLERS = ("anon", "authenticated", "service_role")
ROLES = frozenset(
    {
        *CALLERS,
        *("authenticator", "supabase_admin", "supabase_auth_admin", "supabase_storage_admin"),
        *("supabase_functions_admin", "supabase_realtime_admin", "supabase_replication_admin"),
        *("supabase_read_only_user", "supabase_etl_admin", "supabase_privileged_role"),
        *("dashboard_user", "postgres", "pgbouncer", "pgsodium_keyholder", "pgsodium_keyiduser"),
        *("pgsodium_keymaker", "pgtle_admin", "cli_login_postgres"),
    }
)
# Those that own things: whoever migrates owns them here.
OWNERS = ROLES - set(CALLERS) - {"authenticator"}

PUBLICATION = "supabase_realtime"

MARK = "converted:"
GUARD = "$readyctl$"
