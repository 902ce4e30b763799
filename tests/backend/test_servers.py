"""The migrations on the oldest server that they must run on; all other tests use the newest."""

from __future__ import annotations

import psycopg
import pytest

from readyctl.local.state import LocalState
from tests import databases
from tests.backend.conftest import migrate
from tests.backend.people import PEOPLE

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("postgres-15")]


def shape(dsn: str) -> list[tuple[str, ...]]:
    """Every table, column, policy, trigger and function that the migrations make."""
    with psycopg.connect(dsn) as connection:
        return connection.execute(
            "select 'column', c.table_name, c.column_name, c.data_type"
            " from information_schema.columns c where c.table_schema = 'public'"
            " union all select 'policy', tablename, policyname, cmd from pg_policies"
            " union all select 'trigger', tgrelid::regclass::text, tgname, tgenabled::text"
            " from pg_trigger where not tgisinternal"
            " union all select 'function', proname, pg_get_function_identity_arguments(oid), ''"
            " from pg_proc where pronamespace = 'app'::regnamespace order by 1, 2, 3"
        ).fetchall()


def test_the_migrations_make_the_same_on_the_oldest_server(
    fifteen: LocalState, migrated: str
) -> None:
    """PostgreSQL 15 takes every migration, and has the same tables, policies and functions."""
    with databases.database(fifteen) as dsn:
        migrate(fifteen, dsn)
        with psycopg.connect(dsn) as connection:
            assert connection.info.server_version // 10_000 == 15
            connection.execute(PEOPLE.encode())
        assert shape(dsn) == shape(migrated)
