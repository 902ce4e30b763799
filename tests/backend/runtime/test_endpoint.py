"""Whatever is sent to a function, it answers with a document, and never with a defect."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.functions.profiles import list_profiles, update_profile
from backend.runtime.endpoint import endpoint
from tests.backend.conftest import Backend

pytestmark = pytest.mark.environment

# The database of a test serves all its examples: what they change does not matter to the others.
FUZZ = settings(
    max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
CLAIMS = {"authorizer": {"claims": {"sub": "host"}}, "requestId": "r"}
HOST = "10000000-0000-4000-8000-000000000001"

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=6,
)
CHANGES = st.fixed_dictionaries({}, optional={"version": JSON, "full_name": JSON, "role": JSON})
TEXTS = st.one_of(st.text(), st.from_regex(r"[A-Za-z0-9_-]{0,40}", fullmatch=True))


def answered(answer: Mapping[str, Any]) -> int:
    """The status of an answer, which is JSON of the declared kind."""
    json.loads(answer["body"])
    return int(answer["statusCode"])


@FUZZ
@given(body=st.one_of(st.text(), CHANGES.map(json.dumps), JSON.map(json.dumps)))
def test_no_body_is_a_defect(backend: Backend, body: str) -> None:
    """Any body gives a success or a 4xx."""
    event = {"requestContext": CLAIMS, "pathParameters": {"id": HOST}, "body": body}
    assert answered(update_profile.handler(event, None)) < 500


@FUZZ
@given(
    query=st.dictionaries(
        st.sampled_from(["limit", "cursor", "search", "role", "other"]),
        st.lists(TEXTS, max_size=2),
        max_size=4,
    ),
    path=st.text(),
)
def test_no_query_is_a_defect(backend: Backend, query: dict[str, list[str]], path: str) -> None:
    """Any query gives a success or a 4xx."""
    event = {
        "requestContext": CLAIMS,
        "pathParameters": {"id": path},
        "multiValueQueryStringParameters": query,
    }
    assert answered(list_profiles.handler(event, None)) < 500


@FUZZ
@given(key=st.text(min_size=1), encoded=st.booleans(), body=st.text())
def test_no_key_is_a_defect(backend: Backend, key: str, encoded: bool, body: str) -> None:
    """Any idempotency key, and any body that calls itself base64, give a success or a 4xx."""
    event = {
        "requestContext": CLAIMS,
        "pathParameters": {"id": HOST},
        "headers": {"Idempotency-Key": key},
        "isBase64Encoded": encoded,
        "body": body,
    }
    assert answered(update_profile.handler(event, None)) < 500


def test_a_defect_shows_and_logs_nothing_of_the_request(
    backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    """A function that crashes answers 500; neither answer nor log has the text of the error."""

    @endpoint("crashing", "GET /crash", roles=("therapist",))
    def crashing() -> None:
        raise ValueError("hunter2")

    logger = logging.getLogger("backend")
    logger.addHandler(caplog.handler)
    try:
        answer = crashing({"requestContext": CLAIMS}, None)
    finally:
        logger.removeHandler(caplog.handler)
    assert answered(answer) == 500
    assert "hunter2" not in answer["body"] + caplog.text
    assert "ValueError" in caplog.text


def test_a_call_is_logged_without_what_it_said(
    backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    """The log has function, request, caller, status and time of a call, and nothing else."""
    logger = logging.getLogger("backend")
    logger.addHandler(caplog.handler)
    try:
        backend.call(
            "profiles/update-profile",
            "host",
            pathParameters={"id": HOST},
            body={"version": 1, "full_name": "hunter2"},
        )
    finally:
        logger.removeHandler(caplog.handler)
    line = json.loads(caplog.records[-1].getMessage())
    assert set(line) == {"function", "request_id", "user_id", "status", "milliseconds"}
    assert (line["function"], line["user_id"], line["status"]) == ("update-profile", HOST, 200)


def test_a_refused_call_is_logged_with_its_caller(
    backend: Backend, caplog: pytest.LogCaptureFixture
) -> None:
    """Whose role may not, and whose row it is not: the log says who tried."""
    logger = logging.getLogger("backend")
    logger.addHandler(caplog.handler)
    try:
        backend.call("users/list-users", "host")
        backend.call("clients/get-client", "host", pathParameters={"id": HOST})
    finally:
        logger.removeHandler(caplog.handler)
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    assert [(line["user_id"], line["status"]) for line in lines] == [(HOST, 403), (HOST, 404)]


def test_what_is_no_id_is_named(backend: Backend) -> None:
    """A path whose variable is no id is malformed; the answer names it, and not what it was."""
    answer = backend.call("clients/get-client", "host", pathParameters={"id": "hunter2"})
    assert answer.status == 400
    assert answer.body["detail"] == "`id` in the path is not of the declared type"


def test_a_query_that_nobody_asked_for_is_refused(backend: Backend) -> None:
    """A function without a query takes none: a filter that does nothing would mislead."""
    answer = backend.call(
        "profiles/get-profile",
        "host",
        pathParameters={"id": HOST},
        multiValueQueryStringParameters={"practice": ["hunter2"]},
    )
    assert (answer.status, "hunter2" in str(answer.body)) == (400, False)


def test_a_key_is_for_one_path(backend: Backend) -> None:
    """The same key and body for another record is another request, not the first answer."""
    statuses = [
        backend.call(
            "profiles/update-profile",
            "admin",
            pathParameters={"id": who},
            headers={"Idempotency-Key": "k"},
            body={"version": 1, "full_name": "New"},
        ).status
        for who in (HOST, "10000000-0000-4000-8000-000000000002")
    ]
    assert statuses == [200, 409]


@pytest.mark.parametrize(("length", "status"), [(1_000_000, 200), (1_000_001, 400)])
def test_a_body_has_a_size(backend: Backend, length: int, status: int) -> None:
    """A body of a megabyte is read, a larger one is refused before it is looked at."""
    body = json.dumps({"version": 1, "full_name": "New"}).ljust(length)
    answer = backend.call("profiles/update-profile", "host", pathParameters={"id": HOST}, body=body)
    assert answer.status == status


@pytest.mark.parametrize(
    ("issuer", "status"), [("https://pool.example.org", 200), ("https://other.example.org", 401)]
)
def test_another_user_pool_lets_nobody_in(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, issuer: str, status: int
) -> None:
    """An API that trusts another pool by mistake hands over claims that the functions refuse."""
    monkeypatch.setenv("BACKEND_TOKEN_ISSUER", "https://pool.example.org")
    claims = {"sub": "host", "iss": issuer}
    answer = backend.call(
        "profiles/list-profiles",
        requestContext={"requestId": "r", "authorizer": {"claims": claims}},
    )
    assert answer.status == status
