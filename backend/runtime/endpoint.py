"""The decorator that makes a Lambda handler out of a plain typed function."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from time import monotonic
from typing import Any, get_type_hints
from uuid import UUID

import msgspec

from backend.runtime import decoding, idempotency, logs
from backend.runtime.database import Database, Row, Transaction
from backend.runtime.declaration import Declaration
from backend.runtime.problems import Forbidden, NotFound, Problem, Unauthorized
from backend.runtime.requests import Request, request_of

database = Database()


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the role and id are those of the users table, for the token's subject."""

    user_id: UUID
    role: str
    request_id: str


class Endpoint:
    """A function of the API: what it declares, and the Lambda handler that calls it.

    The plain function's parameters say what it needs: `caller: Caller`, `db: Transaction`, `body`
    and `query` of a msgspec type, and each parameter of the path by its name.
    """

    def __init__(self, declaration: Declaration, function: Callable[..., Any]) -> None:
        self.declaration = declaration
        self.function = function
        self.types: Mapping[str, Any] = get_type_hints(function)
        self._parameters = tuple(inspect.signature(function).parameters)

    def __call__(self, event: Mapping[str, Any], context: object) -> dict[str, Any]:
        """Answer an event of API Gateway; every failure is a problem document."""
        began = monotonic()
        logs.configure()
        request_id, caller = "", ""
        try:
            request = request_of(event, context)
            request_id = request.request_id
            status, body, caller = self._answer(request)
            kind = "application/json"
        except Problem as problem:
            status, kind = problem.status, "application/problem+json"
            body = decoding.encoded(problem.document(request_id))
        except Exception as error:  # noqa: BLE001
            # The last stop before Lambda's own log, which would print the text of the error.
            logs.crashed(self.declaration.name, request_id, error)
            status, kind = 500, "application/problem+json"
            body = decoding.encoded(Problem().document(request_id))
        took = int((monotonic() - began) * 1000)
        logs.called(self.declaration.name, request_id, caller, status, took)
        return _response(status, kind, body)

    def _answer(self, request: Request) -> tuple[int, str, str]:
        with database.transaction(self._request_row(request)) as (db, found):
            caller = self._caller(found, request)
            key = request.headers.get("idempotency-key")
            if self.declaration.writes and key:
                status, body = idempotency.once(
                    db,
                    key,
                    self.declaration.name,
                    repr(sorted(request.path.items())).encode() + request.body,
                    lambda: self._called(request, db, caller),
                )
            else:
                status, body = self._called(request, db, caller)
        return status, body, str(caller.user_id) if caller else ""

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
        given = {name: self._argument(name, request, db, caller) for name in self._parameters}
        return self.declaration.success, decoding.encoded(self.function(**given))

    def _argument(
        self, name: str, request: Request, db: Transaction, caller: Caller | None
    ) -> object:
        kind = self.types[name]
        if kind is Transaction:
            return db
        if kind is Caller:
            return caller
        if name == "body":
            return decoding.body(request.body, kind)
        if name == "query":
            return decoding.texts(request.query, kind, "the query")
        return _path_parameter(request.path.get(name, ""), kind)


def _path_parameter(text: str, kind: type) -> object:
    try:
        return msgspec.convert(text, kind, strict=False)
    except msgspec.ValidationError:
        # What is no id is nobody's id.
        raise NotFound from None


def _response(status: int, kind: str, body: str) -> dict[str, Any]:
    headers = {"Content-Type": kind, "Cache-Control": "no-store"}
    return {"statusCode": status, "headers": headers, "body": body, "isBase64Encoded": False}


def endpoint(name: str, route: str, **declared: Any) -> Callable[[Callable[..., Any]], Endpoint]:
    """Declare a plain function as the function `name` of the API, at a route such as `GET /a/{id}`.

    `declared` are the other fields of `Declaration`.
    """
    method, _, path = route.partition(" ")
    declaration = Declaration(name=name, method=method, path=path, **declared)
    return lambda function: Endpoint(declaration, function)
