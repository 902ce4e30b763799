"""The audit log tells when one of its rows was changed or removed, and which."""

from __future__ import annotations

from typing import Any

import psycopg
import pytest
from psycopg.types.json import Jsonb

from tests.backend.conftest import Backend
from tests.backend.people import practice_id

pytestmark = pytest.mark.environment

ONE = practice_id(1)


@pytest.fixture
def written(backend: Backend) -> Backend:
    """A log of six rows in practice One, made by calls, and one in practice Two."""
    for _ in range(5):
        backend.call("clients/list-clients", "host")
    return backend


def tampered(backend: Backend, statement: str) -> None:
    """Change the log as somebody who owns the database and turns its protection off."""
    backend.run(f"set session_replication_role = replica; {statement}")


def verified(backend: Backend, subject: str = "admin") -> list[Any]:
    """What `app.verify_audit_log` finds, for the administrator of a practice."""
    with psycopg.connect(backend.admin) as connection:
        connection.execute("set local role readyctl_app")
        connection.execute("select app.begin_request(%s)", [Jsonb({"subject": subject})])
        return connection.execute("select * from app.verify_audit_log()").fetchall()


def test_an_untouched_log_is_whole(written: Backend) -> None:
    """Nothing is found where nothing was done."""
    assert verified(written) == []


@pytest.mark.parametrize("position", range(1, 7))
@pytest.mark.parametrize(
    "change",
    [
        "action = 'export'",
        "at = at + interval '1 second'",
        "user_id = null",
        "subject_id = gen_random_uuid()",
        "request_id = 'other'",
        "hash = sha256(hash)",
    ],
)
def test_a_changed_row_is_named(written: Backend, position: int, change: str) -> None:
    """Whatever was changed of a row, verifying names the row."""
    row = f"where practice_id = '{ONE}' and position = {position}"
    tampered(written, f"update audit_log set {change} {row}")
    assert verified(written) == [(position, "changed")]


@pytest.mark.parametrize("position", range(1, 7))
def test_a_deleted_row_is_named(written: Backend, position: int) -> None:
    """A row that is gone is named, the last one too."""
    tampered(
        written, f"delete from audit_log where practice_id = '{ONE}' and position = {position}"
    )
    assert verified(written) == [(position, "missing")]


@pytest.mark.parametrize("position", range(1, 7))
def test_an_end_that_was_cut_off_with_its_head_is_named(written: Backend, position: int) -> None:
    """Whoever removes the last rows, and the row that says where the log ends, is found."""
    rest = f"where practice_id = '{ONE}'"
    tampered(written, f"delete from audit_log {rest} and position > {position}")
    tampered(written, f"delete from audit_log_heads {rest}")
    assert verified(written) == [(position + 1, "missing")]


def test_two_rows_that_changed_places_are_named(written: Backend) -> None:
    """The first of two rows whose positions were exchanged is named."""
    row = f"where practice_id = '{ONE}' and position"
    steps = [(2, 99), (4, 2), (99, 4)]
    tampered(
        written,
        ";".join(f"update audit_log set position = {new} {row} = {old}" for old, new in steps),
    )
    assert verified(written) == [(2, "changed")]


def test_a_row_whose_chain_was_computed_again_is_named(written: Backend) -> None:
    """Whoever computes the digest of a changed row again breaks the row after it."""
    row = f"where practice_id = '{ONE}' and position = 3"
    tampered(written, f"update audit_log set action = 'export' {row}")
    tampered(written, f"update audit_log a set hash = app.audit_hash(a) {row}")
    assert verified(written) == [(4, "changed")]


def test_another_practice_is_verified_by_itself(written: Backend) -> None:
    """What was done to one practice's log says nothing about another's."""
    tampered(written, f"delete from audit_log where practice_id = '{ONE}' and position = 2")
    assert verified(written, "stranger-administrator") == []


def test_only_administrators_verify(written: Backend) -> None:
    """Others are not told."""
    with pytest.raises(psycopg.errors.InsufficientPrivilege):
        verified(written, "host")
