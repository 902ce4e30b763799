"""Writes the description of the HTTP API (OpenAPI 3.1) out of the functions' own types."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from typing import Any

import msgspec

from backend.generation.functions import ROOT, Written, written
from backend.runtime.problems import (
    BadRequest,
    Conflict,
    Forbidden,
    NotFound,
    Problem,
    TooManyRequests,
    Unauthorized,
    Unavailable,
)

FILE = ROOT / "openapi.json"
VERSION = "1"
_REF = "#/components/schemas/{name}"
_KEY = {
    "name": "Idempotency-Key",
    "in": "header",
    "required": False,
    "description": "Repeats of a call with the same key get the first answer.",
    "schema": {"type": "string", "minLength": 1, "maxLength": 200, "pattern": "^[ -~]+$"},
}
_PROBLEM = {
    "type": "object",
    "description": "What is wrong, as RFC 9457 has it; it names fields and repeats no value.",
    "required": ["type", "title", "status", "instance"],
    "properties": {
        "type": {"type": "string", "format": "uri-reference"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "instance": {"type": "string", "format": "uri-reference"},
    },
}


def text() -> str:
    """Return the description as JSON, always in one order."""
    return json.dumps(document(written()), indent=1, ensure_ascii=False) + "\n"


def document(functions: Iterable[Written]) -> dict[str, Any]:
    """Return the description of the functions that have a route."""
    routed = [function for function in functions if function.endpoint.declaration.route]
    kinds = [kind for function in routed for kind in _kinds(function)]
    _, schemas = msgspec.json.schema_components(kinds, ref_template=_REF)
    paths: dict[str, Any] = {}
    for function in routed:
        route = function.endpoint.declaration.route
        if route:
            operation = _operation(function, schemas)
            paths.setdefault(route.path, {})[route.method.lower()] = operation
    used = {kind.__name__ for function in routed for kind in _queries(function)}
    return {
        "openapi": "3.1.0",
        "info": {"title": "telehealth", "version": VERSION},
        "paths": dict(sorted(paths.items())),
        "components": {
            "securitySchemes": {
                "userPool": {"type": "http", "scheme": "bearer", "bearerFormat": "JWT"}
            },
            "schemas": {
                **{name: found for name, found in sorted(schemas.items()) if name not in used},
                "Problem": _PROBLEM,
            },
            "responses": {_named(kind): _response(kind) for kind in _problems_of_all()},
        },
    }


def _kinds(function: Written) -> list[Any]:
    types = function.endpoint.signature.types
    return [types[name] for name in ("body", "query", "return") if name in types]


def _queries(function: Written) -> list[Any]:
    types = function.endpoint.signature.types
    return [types["query"]] if "query" in types else []


def _operation(function: Written, schemas: dict[str, Any]) -> dict[str, Any]:
    declared = function.endpoint.declaration
    types = function.endpoint.signature.types
    operation: dict[str, Any] = {
        "operationId": _camel(declared.name),
        "summary": function.purpose,
        "tags": [function.domain],
        "security": [] if declared.public else [{"userPool": []}],
        "x-function": declared.name,
        "x-roles": list(declared.roles),
        "parameters": _parameters(function, schemas),
    }
    if declared.scope:
        operation["description"] = f"Allowed: {declared.scope}."
    if "body" in types:
        operation["requestBody"] = {
            "required": True,
            "content": {"application/json": {"schema": _schema(types["body"])}},
        }
    operation["responses"] = {
        str(declared.success): {
            "description": "It was done.",
            "content": {"application/json": {"schema": _schema(types["return"])}},
        },
        **{
            str(kind.status): {"$ref": f"#/components/responses/{_named(kind)}"}
            for kind in _problems(function)
        },
    }
    return operation


def _parameters(function: Written, schemas: dict[str, Any]) -> list[dict[str, Any]]:
    signature = function.endpoint.signature
    route = function.endpoint.declaration.route
    names = re.findall(r"{(\w+)}", route.path) if route else []
    found: list[dict[str, Any]] = [
        {"name": name, "in": "path", "required": True, "schema": _schema(signature.types[name])}
        for name in names
    ]
    for kind in _queries(function):
        shape = schemas[kind.__name__]
        found += [
            {
                "name": name,
                "in": "query",
                "required": name in shape.get("required", ()),
                "schema": _of_query(about),
            }
            for name, about in shape["properties"].items()
        ]
    if function.endpoint.declaration.writes and not function.endpoint.declaration.public:
        found.append(_KEY)
    return found


def _of_query(about: dict[str, Any]) -> dict[str, Any]:
    # A query leaves out what has no value: it cannot say null.
    given = {key: value for key, value in about.items() if key != "default" or value is not None}
    kinds = [kind for kind in given.pop("anyOf", []) if kind != {"type": "null"}]
    return given | (kinds[0] if len(kinds) == 1 else {"anyOf": kinds} if kinds else {})


def _schema(kind: Any) -> Any:
    (found,), _ = msgspec.json.schema_components([kind], ref_template=_REF)
    return found


def _problems(function: Written) -> list[type[Problem]]:
    declared = function.endpoint.declaration
    types = function.endpoint.signature.types
    found: list[type[Problem]] = []
    if "body" in types or "query" in types or declared.writes or function.endpoint.signature.path:
        found.append(BadRequest)
    if not declared.public:
        found += [Unauthorized, Forbidden]
    if function.endpoint.signature.path:
        found.append(NotFound)
    if declared.writes:
        found += [NotFound] if NotFound not in found else []
        found.append(Conflict)
    if declared.limit:
        found.append(TooManyRequests)
    return [*found, Unavailable]


def _problems_of_all() -> tuple[type[Problem], ...]:
    return (BadRequest, Unauthorized, Forbidden, NotFound, Conflict, TooManyRequests, Unavailable)


def _named(kind: type[Problem]) -> str:
    return kind.__name__


def _response(kind: type[Problem]) -> dict[str, Any]:
    content = {"application/problem+json": {"schema": {"$ref": _REF.format(name="Problem")}}}
    return {"description": f"{kind.title}.", "content": content}


def _camel(name: str) -> str:
    first, *rest = name.split("-")
    return first + "".join(word.capitalize() for word in rest)
