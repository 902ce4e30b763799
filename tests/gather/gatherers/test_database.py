"""Tests of the facts about the database, against a real server."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, LiteralString

import msgspec
import psycopg
import pytest
from boto3.session import Session

from readyctl.clients.aws import AwsReader, DeclaredCalls
from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.gather.base import FactSpec, Sources
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
from tests.databases import as_login, database

pytestmark = pytest.mark.environment

Observed = Callable[[FactSpec, LiteralString], Any]

_LEDGER = """
create schema readyctl;
create table readyctl.migrations (version text, sha256 text, applied_at timestamptz);
insert into readyctl.migrations values ('20260101', 'ab', '2026-01-02 03:04:05+02');
"""


@pytest.fixture
def dsn(local_empty: LocalState) -> Iterator[str]:
    """A superuser's connection string to an empty database."""
    with database(local_empty) as dsn:
        yield dsn


@pytest.fixture
def connected(settings: Settings, session: Session) -> Iterator[Callable[[str], Sources]]:
    """Build sources over the database of a connection string."""
    aws = AwsReader(session, region="us-east-1")
    readers: list[PostgresReader] = []

    def build(dsn: str) -> Sources:
        readers.append(PostgresReader(dsn))
        return Sources(settings=settings, aws=DeclaredCalls(aws, ()), postgres=readers[-1])

    yield build
    for reader in readers:
        reader.close()
    aws.close()


@pytest.fixture
def observed(dsn: str, connected: Callable[[str], Sources]) -> Observed:
    """Run SQL, then read a fact as the runner does: its value must have the declared shape."""

    def read(spec: FactSpec, statements: LiteralString) -> Any:
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute(statements)
        return msgspec.convert(spec.read(connected(dsn)), spec.shape)

    return read


@pytest.fixture
def role(dsn: str) -> Iterator[str]:
    """A login role that is dropped with all it owns, for roles outlive their database."""
    with psycopg.connect(dsn, autocommit=True) as connection:
        connection.execute("create role test_clerk login bypassrls")
        yield "test_clerk"
        connection.execute("drop owned by test_clerk")
        connection.execute("drop role test_clerk")


def test_server(observed: Observed, local_empty: LocalState) -> None:
    """The server says its version, and who asks over what connection."""
    value = observed(server, "select 1")
    assert {key: value[key] for key in ("user", "superuser", "tls")} == {
        "user": local_empty.superuser.user,
        "superuser": True,
        "tls": False,
    }


def test_server_version(observed: Observed) -> None:
    """The version is a number that can be compared."""
    assert observed(server, "select 1")["version"] >= 150000


def test_table_without_policies(observed: Observed, local_empty: LocalState) -> None:
    """A plain table has no row-level security and no policy."""
    assert observed(tables, "create table clients (id int)") == [
        {
            "schema": "public",
            "name": "clients",
            "owner": local_empty.superuser.user,
            "rls_enabled": False,
            "rls_forced": False,
            "policies": 0,
        }
    ]


def test_table_with_policies(observed: Observed) -> None:
    """Enabled and forced row-level security show, and policies are counted."""
    rows = observed(
        tables,
        "create table notes (id int) partition by list (id); alter table notes enable row level"
        " security; alter table notes force row level security;"
        " create policy a on notes using (false); create policy b on notes using (true)",
    )
    assert [(row["rls_enabled"], row["rls_forced"], row["policies"]) for row in rows] == [
        (True, True, 2)
    ]


def test_tables_leaves_out(observed: Observed) -> None:
    """The ledger's schema, views, and tables of extensions are no tables of ours."""
    rows = observed(
        tables,
        "create schema readyctl; create table readyctl.migrations (version text);"
        " create view seen as select 1 as one; create temporary table passing (id int);"
        " create table member (id int); create extension pg_trgm;"
        " alter extension pg_trgm add table member",
    )
    assert rows == []


def test_views(observed: Observed) -> None:
    """Views are listed apart, with whether their reader's row-level security applies."""
    rows = observed(
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


def test_roles(observed: Observed, role: str) -> None:
    """A role shows what lets it pass row-level security by, and what it is a member of."""
    rows = observed(
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


def test_roles_leaves_out_the_systems(observed: Observed) -> None:
    """PostgreSQL's own roles are left out."""
    assert [row for row in observed(roles, "select 1") if row["name"].startswith("pg_")] == []


def test_extensions(observed: Observed) -> None:
    """Installed extensions are listed with their version."""
    rows = observed(extensions, "create extension btree_gist")
    assert [row["name"] for row in rows] == ["btree_gist", "plpgsql"]


def test_no_ledger(observed: Observed) -> None:
    """Without the ledger's table nothing was applied, and that is said."""
    assert observed(ledger, "select 1") == {
        "exists": False,
        "table": "readyctl.migrations",
        "applied": [],
    }


def test_ledger(observed: Observed) -> None:
    """The ledger's rows come with their digest, and their time in UTC."""
    assert observed(ledger, _LEDGER)["applied"] == [
        {"version": "20260101", "sha256": "ab", "applied_at": "2026-01-02T01:04:05Z"}
    ]


def test_ledger_that_may_not_be_read(
    observed: Observed, dsn: str, local_empty: LocalState, connected: Callable[[str], Sources]
) -> None:
    """A ledger that the login may not read is a failure, never an empty list."""
    observed(ledger, _LEDGER)
    login = local_empty.auditor
    with pytest.raises(SourceFailure, match="schema readyctl"):
        ledger.read(connected(as_login(dsn, login.user, login.password)))


def test_supabase_objects(observed: Observed) -> None:
    """Schemas, publications and functions of Supabase are found."""
    rows = observed(
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


def test_no_supabase_objects(observed: Observed) -> None:
    """A function that only resembles one of Supabase's is not reported."""
    rows = observed(
        supabase_objects,
        "create function me() returns int language sql as $$ select 1 /* myauth.uid_() */ $$",
    )
    assert rows == []
