"""A session that answers from recorded bodies, for what moto does not have or has wrong."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from typing import Any

import boto3
from botocore.awsrequest import AWSPreparedRequest, AWSResponse
from botocore.compat import HTTPHeaders


class _Raw(io.BytesIO):
    def stream(self, **_: object) -> list[bytes]:
        return [self.read()]


class RecordedSession(boto3.Session):
    """Answers each operation with its recorded bodies, one for each request, in order.

    `asked` holds the URLs requested; a request for which nothing is left raises IndexError.
    """

    def __init__(self, bodies: Mapping[str, Sequence[str]]) -> None:
        super().__init__(
            aws_access_key_id="testing", aws_secret_access_key="testing", region_name="us-east-1"
        )
        self.asked: list[str] = []
        self._bodies = {operation: list(left) for operation, left in bodies.items()}
        # Typed as a hook that answers nothing; botocore takes the first answer there is.
        hook: Any = self._answer
        self.events.register_first("before-send.*.*", hook)

    def _answer(self, request: AWSPreparedRequest, event_name: str, **_: Any) -> AWSResponse:
        self.asked.append(request.url)
        body = self._bodies.get(event_name.rpartition(".")[2], []).pop(0)
        return AWSResponse(request.url, 200, HTTPHeaders(), _Raw(body.encode()))
