"""Accounts: made, changed and switched off by administrators, here and in the user pool."""

from __future__ import annotations

import secrets
from typing import Any

import pytest

from backend.functions.users import cleanup_rate_limits, log_auth_attempt
from backend.integrations import sign_in
from tests.backend.conftest import Answer, Backend
from tests.backend.people import identifier, practice_id
from tests.backend.services import Services
from tests.backend.ticks import TICK

pytestmark = pytest.mark.environment

ADMIN, HOST, OTHER = identifier("1", "3"), identifier("1", "1"), identifier("1", "2")


def create(backend: Backend, **more: Any) -> Answer:
    """Create an account with an address of its own."""
    email = f"{secrets.token_hex(4)}@example.org"
    body = {"email": email, "full_name": "New Colleague", "role": "therapist", **more}
    return backend.call("users/create-user", "admin", body=body)


def put(backend: Backend, what: str, who: str, subject: str = "admin", **body: Any) -> Answer:
    """Change the account of somebody."""
    return backend.call(f"users/{what}", subject, pathParameters={"id": who}, body=body)


def test_an_account_is_made_in_both_places(backend: Backend, aws_services: Services) -> None:
    """Here and in the user pool it is the same person, who can choose a password."""
    made = create(backend, supervisor_id=identifier("1", "6"))
    assert made.status == 201
    account = aws_services.account(made.body["email"])
    subject = next(a["Value"] for a in account["UserAttributes"] if a["Name"] == "sub")
    rows = backend.rows(f"select subject from users where id = '{made.body['id']}'")
    assert (rows, account["UserStatus"]) == ([(subject,)], "CONFIRMED")


def test_a_new_colleague_is_told_where_to_begin(backend: Backend, aws_services: Services) -> None:
    """The mail has a link to choose a password, and no password."""
    made = create(backend).body
    mail = next(mail for mail in aws_services.mails() if mail["To"] == [made["email"]])
    assert "https://practice.example.org/reset-password" in str(mail)
    assert "assword:" not in str(mail)


def test_an_address_has_one_account(backend: Backend) -> None:
    """A second account of one address is a conflict, in whichever case it is written."""
    email = create(backend).body["email"]
    assert create(backend, email=email.upper()).status == 409


def test_an_account_that_was_left_behind_is_taken_up(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An attempt that failed after the user pool was asked keeps nobody from trying again."""
    email = f"{secrets.token_hex(4)}@example.org"
    with monkeypatch.context() as broken:
        broken.setattr("backend.integrations.mail.send", lambda *_: 1 / 0)
        assert create(backend, email=email).status == 500
    assert backend.rows(f"select count(*) from users where email = '{email}'") == [(0,)]
    assert create(backend, email=email).status == 201


def test_somebody_elses_account_is_not_touched(
    backend: Backend, aws_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An address that signs in to another practice is a conflict; its password stays."""
    email = create(backend).body["email"]
    backend.run(f"update users set practice_id = '{practice_id(2)}' where email = '{email}'")
    asked: list[str] = []
    pool = sign_in._pool

    def listening(operation: str, username: str, **parameters: Any) -> dict[str, Any]:
        asked.append(operation)
        return pool(operation, username, **parameters)

    monkeypatch.setattr(sign_in, "_pool", listening)
    assert create(backend, email=email).status == 409
    assert asked == ["admin_create_user", "admin_get_user"]


def test_only_supervisors_supervise(backend: Backend) -> None:
    """A therapist is nobody's supervisor."""
    assert create(backend, supervisor_id=HOST).status == 404


def test_without_a_user_pool_nothing_is_made(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A deployment whose user pool is not configured says that it is unavailable."""
    monkeypatch.delenv("BACKEND_USER_POOL_ID")
    assert create(backend, email="nobody@example.org").status == 503
    assert backend.rows("select count(*) from users where email = 'nobody@example.org'") == [(0,)]


def test_whoever_is_switched_off_is_out_at_once(backend: Backend, aws_services: Services) -> None:
    """The token that they still have opens nothing, and the user pool gives no other."""
    answer = put(backend, "toggle-user-active", OTHER, version=1, active=False)
    assert (answer.status, answer.body["active"]) == (200, False)
    assert backend.call("tasks/list-tasks", "other").status == 401
    assert aws_services.account("other")["Enabled"] is False
    put(backend, "toggle-user-active", OTHER, version=2, active=True)
    assert backend.call("tasks/list-tasks", "other").status == 200
    assert aws_services.account("other")["Enabled"] is True


@pytest.mark.parametrize(
    ("what", "body"),
    [
        ("toggle-user-active", {"version": 1, "active": False}),
        ("update-user-role", {"version": 1, "role": "front_desk"}),
        ("reset-user-password", {"password": "Correct-horse-9-battery"}),
    ],
)
def test_nobody_changes_their_own_account(
    backend: Backend, what: str, body: dict[str, Any]
) -> None:
    """So an administrator is always left; the account of a client is nobody's to change either."""
    statuses = [put(backend, what, who, **body).status for who in (ADMIN, identifier("1", "4"))]
    assert statuses == [404, 404]


def test_a_user_pool_that_fails_leaves_the_role(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What cannot be done in both places is done in neither."""
    monkeypatch.setenv("BACKEND_USER_POOL_ID", "us-east-1_missing")
    assert put(backend, "update-user-role", OTHER, version=1, role="front_desk").status == 503
    assert backend.rows(f"select role from users where id = '{OTHER}'") == [("therapist",)]


def test_a_changed_role_is_audited(backend: Backend) -> None:
    """Who changed whose role is in the log."""
    put(backend, "update-user-role", OTHER, version=1, role="front_desk")
    rows = backend.rows(
        "select user_id::text, subject_id::text from audit_log where action = 'change_role'"
    )
    assert rows == [(ADMIN, OTHER)]


def test_a_password_is_kept_nowhere(backend: Backend) -> None:
    """Not in the answer, not in the log, and not as a digest beside the idempotency key."""
    path, body = {"id": OTHER}, {"password": "Correct-horse-9-battery"}
    digests = set()
    for key, password in (("a", body["password"]), ("b", "Another-horse-9-battery")):
        answer = backend.call(
            "users/reset-user-password",
            "admin",
            pathParameters=path,
            headers={"Idempotency-Key": key},
            body={"password": password},
        )
        assert (answer.status, answer.body) == (200, {"id": OTHER})
        digests |= set(
            backend.rows(f"select request_digest from idempotency_keys where key = '{key}'")
        )
    assert len(digests) == 1


def test_roles_are_ones_own(backend: Backend) -> None:
    """Everybody reads their own role; administrators read everybody's."""
    path = {"id": HOST}
    got = {
        who: backend.call("users/get-user-roles", who, pathParameters=path).status
        for who in ("host", "admin", "other", "client", "stranger-administrator")
    }
    assert got == {
        "host": 200,
        "admin": 200,
        "other": 404,
        "client": 404,
        "stranger-administrator": 404,
    }


def test_a_list_is_of_those_who_work_here(backend: Backend) -> None:
    """Clients are no staff; those who were switched off are listed where asked for."""
    query = {"active": ["false"]}
    page = backend.call("users/list-users", "admin", multiValueQueryStringParameters=query).body
    assert [(item["full_name"], item["active"]) for item in page["items"]] == [("I", False)]


def signed_in(subject: str) -> dict[str, Any]:
    """What the user pool sends after somebody signed in."""
    return {
        "triggerSource": "PostAuthentication_Authentication",
        "request": {
            "userAttributes": {"sub": subject},
            "clientMetadata": {"address": "192.0.2.9"},
        },
        "response": {},
    }


def attempts(backend: Backend) -> list[Any]:
    """The sign-ins that were recorded with an address."""
    return backend.rows(
        "select user_id::text, succeeded, address from sign_in_attempts where address <> ''"
    )


def test_a_sign_in_is_recorded(backend: Backend) -> None:
    """With whom it was, and where from; the user pool gets its event back."""
    event = signed_in("other")
    assert log_auth_attempt.handler(event, None) == event
    assert attempts(backend) == [(OTHER, True, "192.0.2.9")]


def test_a_sign_in_of_somebody_unknown_is_let_pass(backend: Backend) -> None:
    """It is for the functions to refuse them; recording fails nobody's sign-in."""
    event = signed_in("unknown")
    assert log_auth_attempt.handler(event, None) == event
    assert attempts(backend) == []


def test_a_failed_sign_in_is_recorded(backend: Backend) -> None:
    """The system's own event names the user."""
    detail = {"practice_id": practice_id(1), "user_id": OTHER, "address": "192.0.2.9"}
    log_auth_attempt.handler({"id": "e1", "detail": detail}, None)
    assert attempts(backend) == [(OTHER, False, "192.0.2.9")]


@pytest.mark.parametrize(
    ("table", "old"),
    [
        ("rate_limits", "insert into rate_limits values (repeat('{n}', 64), 1, {at})"),
        (
            "idempotency_keys",
            "insert into idempotency_keys (practice_id, user_id, function, key, request_digest,"
            " created_at) values ('{p}', '{u}', 'f', 'k{n}', 'd', {at})",
        ),
        (
            "appointment_holds",
            "insert into appointment_holds (practice_id, clinician_id, held_by, starts_at, ends_at,"
            " expires_at) values ('{p}', '{u}', '{u}', '2030-01-01', '2030-01-02', {at})",
        ),
        ("consumed_events", "insert into consumed_events values ('{p}', 'f', 'e{n}', {at})"),
    ],
)
def test_what_is_over_is_removed(backend: Backend, table: str, old: str) -> None:
    """Of what is kept for a while, the old goes and the present stays."""
    backend.run(f"delete from {table}")
    for number, moment in enumerate(("now() - interval '16 days'", "now() + interval '1 hour'")):
        backend.run(old.format(n=number, p=practice_id(1), u=HOST, at=moment))
    for _ in range(2):
        cleanup_rate_limits.handler(TICK, None)
    assert backend.rows(f"select count(*) from {table}") == [(1,)]
