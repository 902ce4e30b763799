"""Every construct of Supabase projects applies to plain PostgreSQL once it is converted."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from readyctl.local.state import LocalState
from tests import databases
from tests.migrate.conftest import Target
from tests.migrate.convert.conftest import Project
from tests.migrate.convert.constructs import CONSTRUCTS

pytestmark = pytest.mark.environment


@pytest.mark.parametrize("name", CONSTRUCTS)
def test_a_construct_applies(name: str, applied: Callable[..., Target]) -> None:
    """Neither Supabase's roles nor its extensions are there, and nothing is edited by hand."""
    target = applied(CONSTRUCTS[name])
    assert set(target.states().values()) == {"applied"}


def test_the_caller_is_the_backends(applied: Callable[..., Target]) -> None:
    """What the backend sets comes first, then what PostgREST would set."""
    target = applied("create table t (x uuid default auth.uid(), r text default auth.role());")
    target.run(
        'set request.jwt.claims = \'{"sub": "00000000-0000-0000-0000-000000000001", '
        '"role": "anon"}\'; insert into t default values;'
        " set app.user_id = '00000000-0000-0000-0000-000000000002';"
        " insert into t default values; set app.user_id = ''; set app.role = 'system';"
        " insert into t (x) values (null)"
    )
    assert [(str(x)[-1:], r) for x, r in target.rows("select x, r from t")] == [
        ("1", "anon"),
        ("2", "authenticated"),
        ("e", "service_role"),
    ]


def test_a_request_is_not_lost(applied: Callable[..., Target]) -> None:
    """It stays in the queue that a function drains."""
    target = applied("select net.http_post('https://example.org', '{\"a\": 1}'::jsonb);")
    assert target.rows(
        "select method, url, convert_from(body, 'UTF8') from net.http_request_queue"
    ) == [("POST", "https://example.org", '{"a": 1}')]


def test_a_secret_that_is_stored_later_fails(applied: Callable[..., Target]) -> None:
    """It is neither kept nor silently dropped."""
    target = applied("select vault.create_secret('hunter2', 'name');")
    assert target.rows("select name, secret from vault.secrets") == [("name", None)]
    with pytest.raises(Exception, match="AWS Secrets Manager"):
        target.run("select vault.create_secret('x', 'y')")


@pytest.mark.xdist_group("postgres-15")
@pytest.mark.parametrize("name", sorted(set(CONSTRUCTS) - {"vectors"}))
def test_a_construct_applies_to_the_oldest_server(
    name: str, project: Project, fifteen: LocalState
) -> None:
    """PostgreSQL 15 takes the same text; only the extension vector is not installed there."""
    project.write(CONSTRUCTS[name])
    project.convert()
    with databases.database(fifteen) as dsn:
        target = Target(project.out, dsn)
        target.apply()
        assert set(target.states().values()) == {"applied"}
