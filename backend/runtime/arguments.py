"""Gives a plain function what its parameters ask for, by their types and names."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, get_type_hints
from uuid import UUID

from backend.runtime import clock, decoding
from backend.runtime.database import Transaction
from backend.runtime.problems import BadRequest
from backend.runtime.requests import Request


@dataclass(frozen=True, slots=True)
class Caller:
    """Who calls: the role and id are those of the users table, for the token's subject."""

    user_id: UUID
    role: str
    request_id: str


class Signature:
    """The parameters of a plain function, and what it returns.

    `caller: Caller`, `db: Transaction` and `now: datetime` are known by their types; `body`,
    `query` and `event`, each of a msgspec type, by their names. All others are variables of the
    path.
    """

    def __init__(self, function: Callable[..., Any]) -> None:
        self.types: Mapping[str, Any] = get_type_hints(function)
        self._names = tuple(inspect.signature(function).parameters)

    @property
    def path(self) -> Mapping[str, Any]:
        """The variables of the path, with their types."""
        known = (Transaction, Caller, datetime)
        return {
            name: self.types[name]
            for name in self._names
            if name not in ("body", "query", "event") and self.types[name] not in known
        }

    def of_request(
        self, request: Request, db: Transaction, caller: Caller | None
    ) -> dict[str, Any]:
        """Return the arguments of a call over HTTP.

        Raises:
            BadRequest: body, query or a variable of the path is not of the declared type.
        """
        given = self._common(db)
        for name in self._names:
            kind = self.types[name]
            if kind is Caller:
                given[name] = caller
            elif name == "body":
                given[name] = decoding.body(request.body, kind)
            elif name == "query":
                given[name] = decoding.texts(request.query, kind, "the query")
            elif name not in given:
                given[name] = decoding.text(request.path.get(name, ""), kind, name)
        if request.query and "query" not in self._names:
            raise BadRequest("there is an unknown field in the query")
        return given

    def of_job(self, db: Transaction, detail: object) -> dict[str, Any]:
        """Return the arguments of a call that no person makes.

        Raises:
            BadRequest: the event is not of the declared type.
        """
        given = self._common(db)
        if "event" in self._names:
            given["event"] = decoding.detail(detail, self.types["event"])
        return given

    def _common(self, db: Transaction) -> dict[str, Any]:
        made: Mapping[Any, Callable[[], object]] = {Transaction: lambda: db, datetime: clock.now}
        return {name: made[self.types[name]]() for name in self._names if self.types[name] in made}
