"""Reads AWS: each call at most once a run, to its last page, with typed failures."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from time import monotonic
from typing import TYPE_CHECKING, Any, TypeVar

from readyctl.clients.failures import SourceFailure
from readyctl.clients.iam import action_of
from readyctl.errors import CredentialsError, InternalError
from readyctl.model.fact import Reason

if TYPE_CHECKING:
    from boto3.session import Session
    from botocore.awsrequest import AWSResponse
    from botocore.client import BaseClient
    from botocore.model import OperationModel

Answer = Mapping[str, Any]
T = TypeVar("T")
R = TypeVar("R")

_DENIED = {
    "AccessDenied",
    "AccessDeniedException",
    "AuthorizationError",
    "AuthorizationErrorException",
    "UnauthorizedOperation",
    "NotAuthorizedException",
    "403",
}
_EXPIRED = {
    "ExpiredToken",
    "ExpiredTokenException",
    "InvalidClientTokenId",
    "RequestExpired",
    "SignatureDoesNotMatch",
    "UnrecognizedClientException",
    "InvalidAccessKeyId",
}
_THROTTLED = {
    "Throttling",
    "ThrottlingException",
    "ThrottledException",
    "TooManyRequestsException",
    "RequestLimitExceeded",
    "SlowDown",
}
_UNSUPPORTED = {"501", "404", "InvalidAction", "UnknownOperationException", "NotImplemented"}
_WORKERS = 16


class AwsReader:
    """One account and region. Thread-safe; equal calls are sent once and share their answer.

    `trace` is told of each call that was answered: its name, status and milliseconds, no more.
    """

    def __init__(
        self,
        session: Session,
        *,
        region: str,
        endpoint_url: str = "",
        trace: Callable[[str], None] | None = None,
    ) -> None:
        self._session = session
        self._region = region
        self._endpoint_url = endpoint_url or None
        self._clients: dict[str, BaseClient] = {}
        self._answers: dict[object, Future[Any]] = {}
        self._lock = threading.Lock()
        self._client_lock = threading.Lock()
        self._pool = ThreadPoolExecutor(_WORKERS, thread_name_prefix="aws")
        self._closed = False
        self.requests = 0
        session.events.register("before-send", self._count, unique_id="readyctl-count")
        if trace:
            _log_calls(session, trace)

    def close(self) -> None:
        """Stop the workers and close the connections; calls that wait are dropped."""
        self._closed = True
        self._pool.shutdown(wait=False, cancel_futures=True)
        with self._client_lock:
            clients = tuple(self._clients.values())
        for client in clients:
            client.close()

    def call(self, call: str, **parameters: Any) -> Answer:
        """Return the answer of `service:Operation`.

        Raises:
            SourceFailure: the call was denied, throttled, timed out, or is not supported.
        """
        answer: Answer = self._once(
            (call, None, repr(sorted(parameters.items()))),
            lambda: self._method(call)(**parameters),
            call,
        )
        return answer

    def find(self, call: str, *, absent: Iterable[str], **parameters: Any) -> Answer | None:
        """Like `call`, but None when AWS answers one of the documented "not there" codes."""
        codes = tuple(absent)
        answer: Answer | None = self._once(
            (call, codes, repr(sorted(parameters.items()))),
            lambda: self._unless_absent(call, codes, parameters),
            call,
        )
        return answer

    def pages(self, call: str, key: str, **parameters: Any) -> list[Answer]:
        """Return the items under `key` (dotted for a nested one) of every page."""
        pages: list[Answer] = self._once(
            (call, "pages", repr(sorted(parameters.items()))),
            lambda: self._all_pages(call, parameters),
            call,
        )
        return [item for page in pages for item in _under(page, key, call)]

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """Apply `function` to each item concurrently, in order; the first failure is raised."""
        return list(self._pool.map(function, items))

    def _once(self, key: object, ask: Callable[[], Any], call: str) -> Any:
        with self._lock:
            known = self._answers.get(key)
            future: Future[Any] = known or Future()
            self._answers[key] = future
        if known is None:
            try:
                future.set_result(_translated(ask, call))
            except BaseException as error:
                # Whoever waits for the same answer must get the same error, of whatever kind.
                future.set_exception(error)
                raise
        return future.result()

    def _all_pages(self, call: str, parameters: Mapping[str, Any]) -> list[Answer]:
        service, operation = call.split(":")
        client = self._client(service)
        return list(client.get_paginator(_python_name(operation)).paginate(**parameters))

    def _unless_absent(
        self, call: str, codes: tuple[str, ...], parameters: Mapping[str, Any]
    ) -> Answer | None:
        from botocore.exceptions import ClientError as BotoError

        try:
            answer: Answer = self._method(call)(**parameters)
        except BotoError as error:
            if error.response.get("Error", {}).get("Code") in codes:
                return None
            raise
        return answer

    def _method(self, call: str) -> Callable[..., Answer]:
        service, operation = call.split(":")
        method: Callable[..., Answer] = getattr(self._client(service), _python_name(operation))
        return method

    def _client(self, service: str) -> BaseClient:
        from botocore.config import Config

        # Creating a client parses its service model: one at a time keeps the peak memory low.
        with self._client_lock:
            if service not in self._clients:
                create: Callable[..., BaseClient] = self._session.client
                self._clients[service] = create(
                    service,
                    region_name=self._region,
                    endpoint_url=self._endpoint_url,
                    config=Config(
                        connect_timeout=5,
                        read_timeout=20,
                        max_pool_connections=_WORKERS,
                        retries={"mode": "standard", "total_max_attempts": 4},
                        user_agent_extra="readyctl",
                        s3={"addressing_style": "path"} if self._endpoint_url else None,
                    ),
                )
        return self._clients[service]

    def _count(self, **_: object) -> None:
        if self._closed:
            # A worker that was between two calls would open a connection that nobody closes.
            raise CancelledError
        with self._lock:
            self.requests += 1


def _log_calls(session: Session, trace: Callable[[str], None]) -> None:
    def began(context: dict[str, Any], **_: object) -> None:
        context["readyctl-began"] = monotonic()

    def ended(
        model: OperationModel, http_response: AWSResponse, context: dict[str, Any], **_: object
    ) -> None:
        took = (monotonic() - context["readyctl-began"]) * 1000
        call = f"{model.service_model.service_name}:{model.name}"
        trace(f"{call} {http_response.status_code} {took:.0f} ms")

    session.events.register_first("before-call", began, unique_id="readyctl-began")
    session.events.register("after-call", ended, unique_id="readyctl-ended")


class DeclaredCalls:
    """The view of an `AwsReader` that one fact gets: the calls it declares, and no other.

    The least policy is computed from the declarations, so an undeclared call is a defect.
    """

    def __init__(self, reader: AwsReader, calls: Iterable[str]) -> None:
        self._reader = reader
        self._calls = frozenset(calls)

    def call(self, call: str, **parameters: Any) -> Answer:
        """See `AwsReader.call`."""
        return self._reader.call(self._declared(call), **parameters)

    def find(self, call: str, *, absent: Iterable[str], **parameters: Any) -> Answer | None:
        """See `AwsReader.find`."""
        return self._reader.find(self._declared(call), absent=absent, **parameters)

    def pages(self, call: str, key: str, **parameters: Any) -> list[Answer]:
        """See `AwsReader.pages`."""
        return self._reader.pages(self._declared(call), key, **parameters)

    def map(self, function: Callable[[T], R], items: Iterable[T]) -> list[R]:
        """See `AwsReader.map`."""
        return self._reader.map(function, items)

    def _declared(self, call: str) -> str:
        if call not in self._calls:
            raise InternalError("E0901", f"a fact makes the call {call} without declaring it")
        return call


def _under(page: Answer, key: str, call: str) -> list[Answer]:
    """Return the list under a dotted key; a page without it is malformed, not empty."""
    found: Any = page
    for part in key.split("."):
        # CloudFront leaves the items out where it counts none.
        if part == "Items" and found.get("Quantity") == 0:
            return []
        if part not in found:
            raise SourceFailure(
                Reason.UNPARSABLE,
                f"{call} answered without {key}",
                where=call,
                resolution="check what answers at the endpoint, then run the audit again",
            )
        found = found[part]
    return list(found)


def _python_name(operation: str) -> str:
    from botocore import xform_name

    return xform_name(operation)


def _translated(ask: Callable[[], Any], call: str) -> Any:
    from botocore.exceptions import (
        BotoCoreError,
        ClientError,
        CredentialRetrievalError,
        NoCredentialsError,
        ParamValidationError,
        TokenRetrievalError,
    )

    try:
        return ask()
    except ClientError as error:
        raise _failure(error.response.get("Error", {}).get("Code", ""), call) from None
    except (NoCredentialsError, CredentialRetrievalError, TokenRetrievalError) as error:
        if isinstance(error, NoCredentialsError):
            raise no_credentials(call, "none were found", again="") from None
        raise no_credentials(call, f"they could not be renewed ({_name(error)})") from None
    except ParamValidationError as error:
        raise InternalError("E0902", f"{call} was called wrongly", cause=str(error)) from None
    except BotoCoreError as error:
        reason = _botocore_reason(type(error).__name__)
        raise SourceFailure(
            reason,
            f"{call} did not answer ({_name(error)})",
            where=call,
            resolution="check the network and the endpoint, then run it again",
        ) from None


def _name(error: Exception) -> str:
    return type(error).__name__


def _botocore_reason(name: str) -> Reason:
    return Reason.UNPARSABLE if "Parse" in name else Reason.UNREACHABLE


def no_credentials(call: str, cause: str, *, again: str = " again") -> CredentialsError:
    """Return the error for credentials that are missing or no longer valid."""
    return CredentialsError(
        "E0301",
        "there are no valid AWS credentials",
        cause=cause,
        where=call,
        hint=f"sign in{again} (as with `aws sso login`), or set `profile:` of the environment",
    )


def _failure(code: str, call: str) -> Exception:
    if code in _EXPIRED:
        return no_credentials(call, f"AWS refused them ({code})")
    if code in _DENIED:
        action = action_of(call)
        return SourceFailure(
            Reason.DENIED,
            f"{call} was denied",
            where=call,
            permission=action,
            resolution=f"allow {action} (`readyctl doctor --iam-policy` prints the whole policy)",
        )
    if code in _THROTTLED:
        return SourceFailure(
            Reason.THROTTLED,
            f"{call} was throttled",
            where=call,
            resolution="run the audit again later",
        )
    if code in _UNSUPPORTED:
        return SourceFailure(
            Reason.UNSUPPORTED,
            f"{call} is not supported here ({code})",
            where=call,
            resolution="audit in a region, and at an endpoint, that has the service",
        )
    return SourceFailure(
        Reason.FAILED,
        f"{call} failed ({code or 'no code'})",
        where=call,
        resolution="run the audit again; if it stays, look at the AWS Health Dashboard",
    )
