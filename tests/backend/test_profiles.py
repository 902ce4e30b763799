"""Profiles: who sees whose, who changes what, and how pages go on."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backend.conftest import Backend

pytestmark = pytest.mark.environment

HOST = "10000000-0000-4000-8000-000000000001"
OTHER = "10000000-0000-4000-8000-000000000002"
CLIENT = "10000000-0000-4000-8000-000000000004"
STRANGER = "10000000-0000-4000-8000-000000000005"


def get(backend: Backend, subject: str, who: str) -> int:
    """The status of reading a profile."""
    return backend.call("profiles/get-profile", subject, pathParameters={"id": who}).status


def put(backend: Backend, subject: str, who: str, **body: object) -> int:
    """The status of changing a name."""
    change = {"version": 1, "full_name": "New", **body}
    path = {"id": who}
    return backend.call("profiles/update-profile", subject, pathParameters=path, body=change).status


@pytest.mark.parametrize(
    ("subject", "who", "status"),
    [
        ("host", OTHER, 200),
        ("admin", HOST, 200),
        ("stranger-administrator", HOST, 404),
        ("host", STRANGER, 404),
        ("host", CLIENT, 404),
        ("host", "no-id", 400),
        ("client", HOST, 403),
        ("unknown", HOST, 401),
        ("", HOST, 401),
    ],
)
def test_who_may_read_a_profile(backend: Backend, subject: str, who: str, status: int) -> None:
    """Staff read the profiles of their own practice; what is elsewhere is not there."""
    assert get(backend, subject, who) == status


@pytest.mark.parametrize(
    ("subject", "who", "status"),
    [
        ("host", HOST, 200),
        ("admin", HOST, 200),
        ("other", HOST, 404),
        ("stranger-administrator", HOST, 404),
        ("client", HOST, 403),
        ("", HOST, 401),
    ],
)
def test_who_may_change_a_profile(backend: Backend, subject: str, who: str, status: int) -> None:
    """A profile is changed by its owner and by administrators; for all others no row changes."""
    assert put(backend, subject, who) == status
    changed = backend.rows(f"select id::text from users where full_name = 'New' -- {who}")
    assert changed == ([(who,)] if status == 200 else [])


def test_an_inactive_user_is_nobody(backend: Backend) -> None:
    """Whoever was switched off is not signed in, whatever the token says."""
    backend.run("update users set active = false, version = version where subject = 'host'")
    assert get(backend, "host", OTHER) == 401


def test_a_lost_update_is_refused(backend: Backend) -> None:
    """A change of a version that is no longer the present one is a conflict."""
    assert [put(backend, "host", HOST), put(backend, "host", HOST)] == [200, 409]


def test_a_repeated_write_has_its_first_answer(backend: Backend) -> None:
    """The same key and request give the first answer again, and change nothing again."""
    answers = [
        backend.call(
            "profiles/update-profile",
            "host",
            pathParameters={"id": HOST},
            headers={"Idempotency-Key": "k"},
            body={"version": 1, "full_name": "New"},
        )
        for _ in range(2)
    ]
    assert answers[0] == answers[1]
    assert backend.rows("select version from users where subject = 'host'") == [(2,)]


def test_a_key_with_another_request_is_refused(backend: Backend) -> None:
    """A key that came before with another body is a conflict."""
    statuses = [
        backend.call(
            "profiles/update-profile",
            "host",
            pathParameters={"id": HOST},
            headers={"Idempotency-Key": "k"},
            body={"version": 1, "full_name": name},
        ).status
        for name in ("New", "Other")
    ]
    assert statuses == [200, 409]


def test_reading_leaves_an_audit_row(backend: Backend) -> None:
    """Each read is in the audit log, with who read what."""
    get(backend, "host", OTHER)
    rows = backend.rows(
        "select user_id::text, action, subject_id::text from audit_log where request_id = 'test'"
    )
    assert rows == [(HOST, "read", OTHER)]


def test_a_refused_change_leaves_nothing(backend: Backend) -> None:
    """Of a transaction that fails not even the audit row is kept."""
    put(backend, "host", HOST, version=7)
    assert backend.rows("select count(*) from audit_log where request_id = 'test'") == [(0,)]


def test_pages_have_every_member_once(backend: Backend) -> None:
    """Page after page, each member of the practice's staff comes once, by name."""
    seen: list[str] = []
    cursor: dict[str, list[str]] = {}
    for _ in range(10):
        query = {"limit": ["1"], **cursor}
        page = backend.call(
            "profiles/list-profiles", "host", multiValueQueryStringParameters=query
        ).body
        seen += [item["full_name"] for item in page["items"]]
        if page["next"] is None:
            break
        cursor = {"cursor": [page["next"]]}
    assert seen == ["A", "B", "D", "H", "I", "O", "T", "U"]


def test_pages_are_stable_while_members_come_and_go(backend: Backend) -> None:
    """Whoever is added before the cursor shifts nothing: nobody comes twice, nobody is left out."""

    def listed(**query: list[str]) -> Any:
        return backend.call(
            "profiles/list-profiles",
            "host",
            multiValueQueryStringParameters={"limit": ["2"], **query},
        ).body

    page = listed()
    seen = [item["full_name"] for item in page["items"]]
    while page["next"]:
        backend.run(
            "insert into users (practice_id, subject, role, full_name, email) select practice_id,"
            " gen_random_uuid(), 'therapist', 'A', gen_random_uuid()::text from users"
            " where subject = 'host'"
        )
        backend.run("update users set active = false, version = version where full_name = 'B'")
        page = listed(cursor=[page["next"]])
        seen += [item["full_name"] for item in page["items"]]
    assert seen == ["A", "B", "D", "H", "I", "O", "T", "U"]


@pytest.mark.parametrize(
    "query",
    [
        {"limit": ["0"]},
        {"limit": ["many"]},
        {"cursor": ["!"]},
        {"cursor": ["WzFd"]},
        {"unknown": ["x"]},
        {"limit": ["1", "2"]},
    ],
)
def test_malformed_queries_are_refused(backend: Backend, query: dict[str, list[str]]) -> None:
    """A query that is not of the declared shape is malformed."""
    answer = backend.call("profiles/list-profiles", "host", multiValueQueryStringParameters=query)
    assert answer.status == 400


@pytest.mark.parametrize(
    "body",
    [
        "",
        "{",
        "[]",
        '{"version": 1}',
        '{"version": 1, "full_name": ""}',
        '{"version": 1, "full_name": "a\\u0000b"}',
        '{"version": 1, "full_name": "\\ud800"}',
        '{"version": 99999999999, "full_name": "a"}',
        '{"version": 1, "full_name": "hunter2", "role": "administrator"}',
    ],
)
def test_malformed_bodies_are_refused_and_not_repeated(backend: Backend, body: str) -> None:
    """A body that is not of the declared shape is malformed; the answer repeats no value."""
    answer = backend.call("profiles/update-profile", "host", pathParameters={"id": HOST}, body=body)
    assert (answer.status, answer.headers["Content-Type"]) == (400, "application/problem+json")
    assert "hunter2" not in str(answer.body)


def test_health_asks_nobody(backend: Backend) -> None:
    """The health check answers without a token."""
    assert backend.call("operations/health-check").body == {"database": "up"}


def test_an_unreachable_database_is_said_so(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a database every function is unavailable, and says nothing of how it connects."""
    from backend.runtime.endpoint import database

    monkeypatch.setenv("BACKEND_DATABASE_URL", "postgresql://u:hunter2@127.0.0.1:9/d")
    database.close()
    answer = backend.call("operations/health-check")
    assert answer.status == 503
    assert "hunter2" not in str(answer)
