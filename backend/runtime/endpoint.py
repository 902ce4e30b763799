"""The decorators that make a Lambda handler out of a plain typed function."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any

from backend.runtime import decoding, idempotency, jobs, limits, logs
from backend.runtime.arguments import Caller, Signature
from backend.runtime.database import Database, Row, Transaction
from backend.runtime.declaration import Declaration, Event, Route
from backend.runtime.problems import Forbidden, Problem, Unauthorized
from backend.runtime.requests import Request, request_of

__all__ = ["Caller", "Endpoint", "consumer", "database", "endpoint", "schedule"]

database = Database()

Function = Callable[..., Any]
# What EventBridge's rules and its scheduler call the event of a schedule.
_TICK = "Scheduled Event"


@dataclass(slots=True)
class Known:
    """Who is calling, as soon as the database has said so: a refusal is logged with it, too."""

    user_id: str = ""


class Endpoint:
    """A function of the backend: what it declares, and the Lambda handler that calls it."""

    def __init__(self, declaration: Declaration, function: Function) -> None:
        self.declaration = declaration
        self.function = function
        self.signature = Signature(function)

    def __call__(self, event: Mapping[str, Any], context: object) -> Mapping[str, Any]:
        """Answer what API Gateway, EventBridge or the user pool sends.

        Over HTTP every failure is a problem document.

        Raises:
            JobFailed: a schedule's or an event's work failed, and is to be delivered again.
        """
        logs.configure()
        if "httpMethod" in event or "requestContext" in event:
            return self._http(event, context)
        request_id = str(getattr(context, "aws_request_id", "")) or str(event.get("id", ""))
        if "triggerSource" in event:
            return self._signed_in(event, request_id)
        # A schedule's event has a detail too, though an empty one: its type tells it apart.
        if self.declaration.schedules and event.get("detail-type", _TICK) == _TICK:
            return jobs.scheduled(database, self.declaration.name, request_id, self._work)
        return jobs.consumed(database, self.declaration.name, request_id, event, self._work)

    def _work(self, db: Transaction, detail: object) -> object:
        return self.function(**self.signature.of_job(db, detail))

    def _signed_in(self, event: Mapping[str, Any], request_id: str) -> Mapping[str, Any]:
        # The user pool wants its event back. What fails here must not lock anybody out of care.
        attributes = (event.get("request") or {}).get("userAttributes") or {}
        metadata = (event.get("request") or {}).get("clientMetadata") or {}
        subject = str(attributes.get("sub", ""))
        detail = {"subject": subject, "address": str(metadata.get("address", ""))}
        try:
            request = {"request_id": request_id, "subject": subject}
            with database.transaction(request) as (db, caller):
                if caller["role"] is not None:
                    self._work(db, detail)
        except Exception as error:  # noqa: BLE001
            logs.crashed(self.declaration.name, request_id, error)
        return event

    def _http(self, event: Mapping[str, Any], context: object) -> dict[str, Any]:
        began = monotonic()
        request_id, known = "", Known()
        headers: Mapping[str, str] = {}
        try:
            request = request_of(event, context)
            request_id = request.request_id
            status, body = self._answer(request, known)
            kind = "application/json"
        except Problem as problem:
            status, kind, headers = problem.status, "application/problem+json", problem.headers
            body = decoding.encoded(problem.document(request_id))
        except Exception as error:  # noqa: BLE001
            # The last stop before Lambda's own log, which would print the text of the error.
            logs.crashed(self.declaration.name, request_id, error)
            status, kind = 500, "application/problem+json"
            body = decoding.encoded(Problem().document(request_id))
        took = int((monotonic() - began) * 1000)
        logs.called(self.declaration.name, request_id, known.user_id, status, took)
        return _response(status, {"Content-Type": kind, **headers}, body)

    def _answer(self, request: Request, known: Known) -> tuple[int, str]:
        declared = self.declaration
        if declared.limit:
            who = request.address if declared.limit.by == "address" else request.subject
            limits.take(database, declared.limit, declared.name, who, request.request_id)
        with database.transaction(self._request_row(request)) as (db, found):
            known.user_id = str(found["user_id"] or "")
            caller = self._caller(found, request)
            key = request.headers.get("idempotency-key")
            if declared.writes and key and caller:
                content = b"" if declared.confidential else request.body
                return idempotency.once(
                    db,
                    key,
                    declared.name,
                    repr(sorted(request.path.items())).encode() + content,
                    lambda: self._called(request, db, caller),
                )
            return self._called(request, db, caller)

    def _request_row(self, request: Request) -> dict[str, str]:
        row = {"request_id": request.request_id}
        return row if self.declaration.public else row | {"subject": request.subject}

    def _caller(self, found: Row, request: Request) -> Caller | None:
        if self.declaration.public:
            return None
        if found["role"] is None:
            raise Unauthorized
        if found["role"] not in self.declaration.roles:
            raise Forbidden
        return Caller(found["user_id"], found["role"], request.request_id)

    def _called(self, request: Request, db: Transaction, caller: Caller | None) -> tuple[int, str]:
        given = self.signature.of_request(request, db, caller)
        return self.declaration.success, decoding.encoded(self.function(**given))


def _response(status: int, headers: Mapping[str, str], body: str) -> dict[str, Any]:
    return {
        "statusCode": status,
        "headers": {**headers, "Cache-Control": "no-store"},
        "body": body,
        "isBase64Encoded": False,
    }


def endpoint(name: str, route: str, **declared: Any) -> Callable[[Function], Endpoint]:
    """Declare a plain function as the function `name` of the API, at a route such as `GET /a/{id}`.

    `declared` are the other fields of `Declaration`.
    """
    method, _, path = route.partition(" ")
    declaration = Declaration(name=name, route=Route(method, path), **declared)
    return lambda function: Endpoint(declaration, function)


def schedule(name: str, expression: str, **declared: Any) -> Callable[[Function], Endpoint]:
    """Declare a plain function as the function `name`, which runs for each practice on a schedule.

    `expression` is one of EventBridge, such as `rate(1 hour)`. It may run late, twice, or twice at
    once: the function must then do what it would have done once.
    """
    usual: dict[str, Any] = {"timeout_seconds": 300, "memory_mb": 512}
    declaration = Declaration(name=name, schedules=(expression,), **(usual | declared))
    return lambda function: Endpoint(declaration, function)


def consumer(name: str, *events: Event | str, **declared: Any) -> Callable[[Function], Endpoint]:
    """Declare a plain function as the function `name`, which events invoke.

    A name alone is that of an event of the system's own. Each event is carried out once.
    """
    heard = tuple(Event(event) if isinstance(event, str) else event for event in events)
    usual: dict[str, Any] = {"timeout_seconds": 60}
    declaration = Declaration(name=name, events=heard, **(usual | declared))
    return lambda function: Endpoint(declaration, function)
