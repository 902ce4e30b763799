"""Puts itself between botocore and the account: records answers, replays them, refuses calls."""

from __future__ import annotations

import threading
from copy import deepcopy
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, cast

if TYPE_CHECKING:
    from collections.abc import Callable

    from boto3.session import Session
    from botocore.model import OperationModel

Answer = tuple["Status", dict[str, Any]]


@dataclass(frozen=True)
class Status:
    """The part of an HTTP response that botocore still looks at after parsing."""

    status_code: int


@dataclass
class Account:
    """Answers calls from what was recorded; `refused` maps "service:Operation" to an error code.

    A call that was never recorded goes to the real endpoint, and its answer is kept.
    """

    refused: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    _recorded: dict[str, dict[str, Any]] = field(default_factory=dict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def attach(self, session: Session) -> None:
        """Stand between `session` and its endpoint."""
        before = cast("Callable[..., None]", self._before)
        session.events.register_first("before-call", before, unique_id="account-before")
        # Before `after-call`, where botocore decodes policies in place.
        session.events.register("response-received", self._after, unique_id="account-after")

    def _before(
        self, model: OperationModel, params: dict[str, Any], context: dict[str, Any], **_: Any
    ) -> Answer | None:
        call = f"{model.service_model.service_name}:{model.name}"
        key = repr((call, params["url"], params["query_string"], params["body"]))
        with self._lock:
            self.asked.append(call)
        context["account-key"] = key
        if call in self.refused:
            return _refusal(self.refused[call])
        if key in self._recorded:
            return Status(200), deepcopy(self._recorded[key])
        return None

    def _after(
        self,
        response_dict: dict[str, Any] | None,
        parsed_response: dict[str, Any] | None,
        context: dict[str, Any],
        **_: Any,
    ) -> None:
        if response_dict and parsed_response and response_dict["status_code"] < 300:
            self._recorded.setdefault(context["account-key"], deepcopy(parsed_response))


def _refusal(code: str) -> Answer:
    parsed = {
        "Error": {"Code": code, "Message": "refused"},
        "ResponseMetadata": {"HTTPStatusCode": 400, "HTTPHeaders": {}, "RetryAttempts": 0},
    }
    return Status(400), parsed
