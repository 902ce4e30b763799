"""Exactly what was agreed upon succeeds; nothing else reads or changes a row."""

from __future__ import annotations

import re

import psycopg
import pytest

from backend.generation.functions import Written
from tests.backend.agreed import AGREED
from tests.backend.conftest import Backend
from tests.backend.matrix import ROLES, ROUTED, STRANGERS, Gateway, requests
from tests.backend.requests import Call
from tests.pool import NOW, pool

pytestmark = pytest.mark.environment

REQUESTS = requests()
SIGNED_IN = [function for function in ROUTED if not function.endpoint.declaration.public]
ONE = "00000000-0000-4000-8000-000000000001"
_IDS = (
    f"select id from users where practice_id = '{ONE}'"
    f" union select id from clients where practice_id = '{ONE}'"
    f" union select id from appointments where practice_id = '{ONE}'"
    f" union select id from notes where practice_id = '{ONE}'"
    f" union select id from tasks where practice_id = '{ONE}'"
)
_UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}")

# Who is nobody: no token, or one that is not believed, or one of somebody whom no practice knows.
NOBODIES = {
    "no token": None,
    "empty": "",
    "expired": pool().token("admin", exp=int(NOW.timestamp()) - 1),
    "forged": pool("Two").token("admin", iss=pool().issuer),
    "of another pool": pool("Two").token("admin"),
    "alg none": pool().token("admin", algorithm="none"),
    "for another app": pool().token("admin", aud="another"),
    "of somebody unknown": pool().token("nobody-knows-me"),
    "of somebody switched off": pool().token("inactive"),
}


AUDIT = {"audit_log", "audit_log_heads"}
# What shows nobody's record: free times, and that the database answers.
UNAUDITED = {"check-availability", "health-check"}
# What is written in the user pool alone.
ELSEWHERE = {"reset-user-password"}
# What reads or writes the record of one client: the log must say whose.
OF_A_CLIENT = {
    "create-client",
    "get-client",
    "update-client",
    "create-appointment",
    "get-appointment",
    "update-appointment",
    "cancel-appointment",
    "confirm-appointment",
    "join-waitlist",
    "create-note",
    "get-note",
    "update-note",
    "sign-note",
    "cosignature-workflow",
    "update-task",
}


def named(function: Written) -> str:
    """The name of a function."""
    return function.endpoint.declaration.name


def digests(backend: Backend, practice: str = "") -> dict[str, str]:
    """A digest of the rows of each table, of one practice or of all; counters of calls left out."""
    found: dict[str, str] = {}
    with psycopg.connect(backend.admin) as connection:
        tables = connection.execute(
            "select c.relname, exists (select from pg_attribute a where a.attrelid = c.oid"
            " and a.attname = 'practice_id') from pg_class c"
            " where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'"
            " and c.relname <> 'rate_limits' order by 1"
        ).fetchall()
        for table, belongs in tables:
            only = f" where practice_id = '{practice}'" if practice and belongs else ""
            query = f"select md5(string_agg(t::text, '|' order by t::text)) from {table} t{only}"
            row = connection.execute(query.encode()).fetchone()
            found[table] = row[0] if row else ""
    return found


def prepared(backend: Backend, function: Written) -> Call:
    """The valid request of a function, its row brought into the state that it needs."""
    call = REQUESTS[named(function)]
    if call.prepare:
        backend.run(call.prepare)
    return call


def test_every_function_has_a_request() -> None:
    """A function that is written can be called by this matrix; a request has its function."""
    assert sorted(REQUESTS) == sorted(map(named, ROUTED))


def allowed(function: Written) -> set[str]:
    """The subjects of practice One whose role may call a function, as was agreed upon."""
    agreed = AGREED[named(function)]
    return {subject for subject, role in ROLES.items() if agreed.public or role in agreed.roles}


def theirs(function: Written) -> set[str]:
    """The subjects of practice One for whom the request succeeds."""
    whose = REQUESTS[named(function)].theirs
    return allowed(function) if whose is None else set(whose)


@pytest.mark.parametrize("function", ROUTED, ids=named)
def test_whose_it_is_has_a_role_that_is_allowed(function: Written) -> None:
    """A request succeeds for somebody, and for nobody whose role the manifest does not name."""
    assert set() < theirs(function) <= allowed(function)


@pytest.mark.parametrize(
    ("function", "subject"),
    [
        pytest.param(function, subject, id=f"{named(function)}-{subject}")
        for function in ROUTED
        for subject in sorted(theirs(function))
    ],
)
def test_whose_it_is_succeeds(backend: Backend, function: Written, subject: str) -> None:
    """Everybody whom the specification and the row allow is answered with a success.

    A read changes nothing; both leave a row in the audit log, with the client that it is about.
    """
    call = prepared(backend, function)
    before, began = digests(backend), backend.rows("select count(*) from audit_log")[0][0]
    answer = Gateway().call(function, call, pool().token(subject))
    assert answer.status == function.endpoint.declaration.success, answer.body
    after = digests(backend)
    changed = {table for table in after if after[table] != before[table]}
    writes = function.endpoint.declaration.writes and named(function) not in ELSEWHERE
    assert bool(changed - AUDIT) == writes
    entries = backend.rows(f"select client_id::text from audit_log offset {began}")
    assert bool(entries) == (named(function) not in UNAUDITED)
    if named(function) in OF_A_CLIENT:
        assert {entry[0] for entry in entries} - {None}


def test_what_is_about_a_client_is_a_function() -> None:
    """The lists of what is audited name functions that there are."""
    assert {*OF_A_CLIENT, *UNAUDITED} <= set(map(named, ROUTED))


@pytest.mark.parametrize("function", ROUTED, ids=named)
def test_no_other_role_reads_or_changes_a_row(backend: Backend, function: Written) -> None:
    """Another role is refused; the right role with somebody else's row finds nothing there."""
    roles = AGREED[named(function)].roles
    call = prepared(backend, function)
    before = digests(backend)
    wanted, got = {}, {}
    for subject, role in ROLES.items():
        if subject in theirs(function):
            continue
        answer = Gateway().call(function, call, pool().token(subject))
        wanted[subject] = 404 if role in roles else 403
        got[subject] = answer.status
        assert "items" not in answer.body
    assert got == wanted
    assert digests(backend) == before


@pytest.mark.parametrize("function", SIGNED_IN, ids=named)
def test_nobody_gets_in(backend: Backend, function: Written) -> None:
    """Without a token of somebody whom the practice knows there is nothing but a 401."""
    call = prepared(backend, function)
    before = digests(backend)
    got = {who: Gateway().call(function, call, token).status for who, token in NOBODIES.items()}
    assert got == dict.fromkeys(NOBODIES, 401)
    assert digests(backend) == before


@pytest.mark.parametrize("function", SIGNED_IN, ids=named)
def test_another_practice_is_not_there(backend: Backend, function: Written) -> None:
    """Whoever works in practice Two reads nothing of One and changes nothing there."""
    roles = AGREED[named(function)].roles
    call = prepared(backend, function)
    before = digests(backend, ONE)
    ids = {str(row[0]) for row in backend.rows(_IDS)}
    names_somebody = bool(ids & set(_UUID.findall(str(call))))
    for subject, role in STRANGERS.items():
        answer = Gateway().call(function, call, pool().token(subject))
        mine = _UUID.findall(str(answer.body).lower())
        assert not ids & set(mine), subject
        if role not in roles:
            assert answer.status == 403, subject
        elif call.path or names_somebody:
            assert answer.status == 404, subject
    assert digests(backend, ONE) == before
