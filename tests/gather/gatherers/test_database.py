"""Tests of the facts about the database, against a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import psycopg
import pytest

from readyctl.clients.failures import SourceFailure
from readyctl.gather.base import Sources
from readyctl.gather.gatherers.database import (
    extensions,
    ledger,
    roles,
    server,
    supabase_objects,
    tables,
    views,
)
from readyctl.local.state import LocalState
from tests.databases import as_login
from tests.gather.gatherers.conftest import Queried

pytestmark = pytest.mark.environment

_LEDGER = """
create schema readyctl;
create table readyctl.migrations (version text, sha256 text, applied_at timestamptz);
insert into readyctl.migrations values ('20260101', 'ab', '2026-01-02 03:04:05+02');
"""


@pytest.fixture
def role(dsn: str) -> Iterator[str]:
    """A login role that is dropped with all it owns, for roles outlive their database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create role test_clerk login bypassrls")
        yield "test_clerk"
        connection.execute("drop owned by test_clerk")
        connection.execute("drop role test_clerk")


def test_server(queried: Queried, local_empty: LocalState) -> None:
    """The server says its version, and who asks over what connection."""
    value = queried(server, "select 1")
    assert {key: value[key] for key in ("user", "superuser", "tls")} == {
        "user": local_empty.superuser.user,
        "superuser": True,
        "tls": False,
    }


def test_server_version(queried: Queried) -> None:
    """The version is a number that can be compared."""
    assert queried(server, "select 1")["version"] >= 150000


def test_table_without_policies(queried: Queried, local_empty: LocalState) -> None:
    """A plain table has no row-level security and no policy."""
    assert queried(tables, "create table clients (id int)") == [
        {
            "schema": "public",
            "name": "clients",
            "owner": local_empty.superuser.user,
            "rls_enabled": False,
            "rls_forced": False,
            "policies": 0,
        }
    ]


def test_table_with_policies(queried: Queried) -> None:
    """Enabled and forced row-level security show, and policies are counted."""
    rows = queried(
        tables,
        "create table notes (id int) partition by list (id); alter table notes enable row level"
        " security; alter table notes force row level security;"
        " create policy a on notes using (false); create policy b on notes using (true)",
    )
    assert [(row["rls_enabled"], row["rls_forced"], row["policies"]) for row in rows] == [
        (True, True, 2)
    ]


def test_tables_leaves_out(queried: Queried) -> None:
    """The ledger's schema, views, and tables of extensions are no tables of ours."""
    rows = queried(
        tables,
        "create schema readyctl; create table readyctl.migrations (version text);"
        " create view seen as select 1 as one; create temporary table passing (id int);"
        " create table member (id int); create extension pg_trgm;"
        " alter extension pg_trgm add table member",
    )
    assert rows == []


def test_views(queried: Queried) -> None:
    """Views are listed apart, with whether their reader's row-level security applies."""
    rows = queried(
        views,
        "create view open_view as select 1 as one;"
        " create view safe_view with (security_invoker = true) as select 1 as one;"
        " create materialized view stored as select 1 as one",
    )
    assert [(row["name"], row["materialized"], row["security_invoker"]) for row in rows] == [
        ("open_view", False, False),
        ("safe_view", False, True),
        ("stored", True, False),
    ]


def test_roles(queried: Queried, role: str) -> None:
    """A role shows what lets it pass row-level security by, and what it is a member of."""
    rows = queried(
        roles,
        "grant pg_monitor to test_clerk; create table owned (id int);"
        " alter table owned owner to test_clerk",
    )
    assert [row for row in rows if row["name"] == role] == [
        {
            "name": role,
            "login": True,
            "superuser": False,
            "bypass_rls": True,
            "owns_tables": 1,
            "member_of": ["pg_monitor"],
        }
    ]


def test_roles_leaves_out_the_systems(queried: Queried) -> None:
    """PostgreSQL's own roles are left out."""
    assert [row for row in queried(roles, "select 1") if row["name"].startswith("pg_")] == []


def test_extensions(queried: Queried) -> None:
    """Installed extensions are listed with their version."""
    rows = queried(extensions, "create extension btree_gist")
    assert [row["name"] for row in rows] == ["btree_gist", "plpgsql"]


def test_no_ledger(queried: Queried) -> None:
    """Without the ledger's table nothing was applied, and that is said."""
    assert queried(ledger, "select 1") == {
        "exists": False,
        "table": "readyctl.migrations",
        "applied": [],
    }


def test_ledger(queried: Queried) -> None:
    """The ledger's rows come with their digest, and their time in UTC."""
    assert queried(ledger, _LEDGER)["applied"] == [
        {"version": "20260101", "sha256": "ab", "applied_at": "2026-01-02T01:04:05Z"}
    ]


def test_ledger_that_may_not_be_read(
    queried: Queried, dsn: str, local_empty: LocalState, connected: Callable[[str], Sources]
) -> None:
    """A ledger that the login may not read is a failure, never an empty list."""
    queried(ledger, _LEDGER)
    login = local_empty.auditor
    with pytest.raises(SourceFailure, match="schema readyctl"):
        ledger.read(connected(as_login(dsn, login.user, login.password)))


def test_supabase_objects(queried: Queried) -> None:
    """Schemas, publications and functions of Supabase are found."""
    rows = queried(
        supabase_objects,
        "create schema storage; create publication supabase_realtime;"
        " create function me() returns uuid language plpgsql"
        " as $$ begin return auth.uid(); end $$",
    )
    assert rows == [
        {"kind": "function", "name": "public.me"},
        {"kind": "publication", "name": "supabase_realtime"},
        {"kind": "schema", "name": "storage"},
    ]


def test_no_supabase_objects(queried: Queried) -> None:
    """A function that only resembles one of Supabase's is not reported."""
    rows = queried(
        supabase_objects,
        "create function me() returns int language sql as $$ select 1 /* myauth.uid_() */ $$",
    )
    assert rows == []
