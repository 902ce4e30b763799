"""Whatever is sent to any function: no defect, no trace, and no value that comes back."""

from __future__ import annotations

import base64
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import msgspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.generation.functions import Written
from tests.backend.conftest import Backend
from tests.backend.matrix import ROLES, ROUTED, requests
from tests.backend.requests import Call
from tests.backend.shapes import JUNK, MARK, near

pytestmark = pytest.mark.environment

# The database of a test serves all its examples: what they change does not matter to the others.
FUZZ = settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
REQUESTS = requests()


def named(function: Written) -> str:
    """The name of a function."""
    return function.endpoint.declaration.name


def texts(value: object) -> list[str]:
    """A query parameter, which is always text."""
    return [value if isinstance(value, str) else json.dumps(value)]


def event(call: Call, subject: str, **given: Any) -> dict[str, Any]:
    """A valid request of a subject, with something else in its place."""
    return {
        "requestContext": {"requestId": "r", "authorizer": {"claims": {"sub": subject}}},
        "pathParameters": dict(call.path),
        "multiValueQueryStringParameters": {k: [v] for k, v in call.query.items()},
        "body": json.dumps(call.body) if call.body is not None else None,
    } | given


class Lines(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, lines: list[str]) -> None:
        super().__init__()
        self._lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line."""
        self._lines.append(record.getMessage())


@contextmanager
def logged() -> Iterator[list[str]]:
    """Collect the lines of the log."""
    lines: list[str] = []
    handler = Lines(lines)
    logging.getLogger("backend").addHandler(handler)
    try:
        yield lines
    finally:
        logging.getLogger("backend").removeHandler(handler)


@pytest.mark.parametrize("function", ROUTED, ids=named)
@FUZZ
@given(data=st.data())
def test_whatever_is_sent_is_answered(
    backend: Backend, function: Written, data: st.DataObject
) -> None:
    """Bodies and queries near their declared shapes, raw bytes, and any id: never a 5xx.

    A refusal is a problem document that has none of the texts that were sent, nor has the log.
    """
    call, types = REQUESTS[named(function)], function.endpoint.signature.types
    roles = function.endpoint.declaration.roles
    subjects = [subject for subject, role in ROLES.items() if role in roles] or ["admin"]
    sent: dict[str, Any] = {}
    if "query" in types and data.draw(st.booleans()):
        query = data.draw(near(types["query"]))
        sent["multiValueQueryStringParameters"] = {name: texts(v) for name, v in query.items()}
    if "body" in types:
        shaped = near(types["body"]) | JUNK
        raw = st.binary(max_size=200).map(lambda found: base64.b64encode(found).decode())
        if data.draw(st.integers(0, 9)):
            sent["body"] = json.dumps(data.draw(shaped))
        else:
            sent |= {"body": data.draw(raw), "isBase64Encoded": True}
    if call.path and not data.draw(st.integers(0, 4)):
        sent["pathParameters"] = {name: data.draw(st.text()) for name in call.path}
    who = data.draw(st.sampled_from(subjects))
    with logged() as lines:
        answer = function.endpoint(event(call, who, **sent), None)
    document = json.loads(answer["body"])
    assert answer["statusCode"] < 500
    assert MARK not in "".join(lines)
    if answer["statusCode"] >= 400:
        assert {"type", "title", "status", "instance"} <= set(document)
        assert MARK not in answer["body"]


@pytest.mark.parametrize("function", ROUTED, ids=named)
def test_no_field_is_repeated(backend: Backend, function: Written) -> None:
    """Each field of a valid request in turn, with what it does not take: no answer has it."""
    call, types = REQUESTS[named(function)], function.endpoint.signature.types
    roles = function.endpoint.declaration.roles
    subject = next((who for who, role in ROLES.items() if role in roles), "admin")
    sent: list[dict[str, Any]] = []
    for field in fields(types.get("body")):
        sent += [
            {"body": json.dumps({**(call.body or {}), field: junk})}
            for junk in (MARK, [MARK], {MARK: MARK}, {MARK: {MARK: MARK}})
        ]
    for field in fields(types.get("query")):
        given = {name: [text] for name, text in call.query.items()}
        sent.append({"multiValueQueryStringParameters": given | {field: [MARK]}})
    for given in sent:
        answer = function.endpoint(event(call, subject, **given), None)
        assert answer["statusCode"] < 500
        assert answer["statusCode"] < 400 or MARK not in answer["body"]


def fields(kind: Any) -> list[str]:
    """The fields of a type, and one that it does not have."""
    return [*(field.encode_name for field in msgspec.structs.fields(kind)), MARK] if kind else []
