"""Reads API Gateway's proxy events (REST API, payload 1.0) into requests."""

from __future__ import annotations

import base64
import binascii
import os
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from backend.runtime.problems import BadRequest

MOST_BYTES = 1_000_000


@dataclass(frozen=True, slots=True)
class Request:
    """One call. `subject` is that of the verified token, empty where nobody is signed in.

    `address` is where the call comes from, as API Gateway saw it.
    """

    request_id: str
    subject: str
    address: str
    path: Mapping[str, str]
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: bytes


def request_of(event: Mapping[str, Any], context: object) -> Request:
    """Return the request in an event; headers are in lower case.

    Raises:
        BadRequest: the body is too large or no base64, or a query parameter is given twice.
    """
    about: Mapping[str, Any] = event.get("requestContext") or {}
    return Request(
        request_id=str(about.get("requestId") or getattr(context, "aws_request_id", "")),
        subject=_subject(about),
        address=str((about.get("identity") or {}).get("sourceIp", "")),
        path=event.get("pathParameters") or {},
        query=_query(event),
        headers={name.lower(): text for name, text in (event.get("headers") or {}).items()},
        body=_body(event),
    )


def _subject(about: Mapping[str, Any]) -> str:
    # API Gateway has verified the token; it puts nothing here for one that it has not.
    claims = (about.get("authorizer") or {}).get("claims") or {}
    wanted = os.environ.get("BACKEND_TOKEN_ISSUER")
    if wanted and claims.get("iss") != wanted:
        # An API that trusts another user pool by mistake lets nobody in.
        return ""
    return str(claims.get("sub", ""))


def _query(event: Mapping[str, Any]) -> Mapping[str, str]:
    every: Mapping[str, list[str]] = event.get("multiValueQueryStringParameters") or {}
    if any(len(values) > 1 for values in every.values()):
        raise BadRequest("a query parameter is given more than once")
    return {name: values[0] for name, values in every.items() if values}


def _body(event: Mapping[str, Any]) -> bytes:
    text = event.get("body") or ""
    try:
        body = base64.b64decode(text, validate=True) if event.get("isBase64Encoded") else text
        data = body if isinstance(body, bytes) else str(body).encode()
    except (binascii.Error, ValueError):
        raise BadRequest("the body cannot be read") from None
    if len(data) > MOST_BYTES:
        raise BadRequest(f"the body is larger than {MOST_BYTES} bytes")
    return data
