"""The functions of the API behind a gateway that asks for tokens, and who calls them."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from backend.generation.functions import Written, written
from readyctl.local.tokens import TokenVerifier
from tests.backend.conftest import Answer
from tests.backend.requests import Call
from tests.pool import CLIENT, NOW, pool

ROUTED = [function for function in written() if function.endpoint.declaration.route]

# Who works in practice One, by the subject of their token.
ROLES = {
    "admin": "administrator",
    "supervisor": "supervisor",
    "host": "therapist",
    "other": "therapist",
    "trainee": "associate_trainee",
    "billing": "billing_staff",
    "desk": "front_desk",
    "client": "client_user",
}
STRANGERS = {f"stranger-{role}": role for role in sorted(set(ROLES.values()))}

_VERIFIER = TokenVerifier(pool().issuer, frozenset({CLIENT}), pool().jwks())


def requests() -> dict[str, Call]:
    """Return one valid request for each function, by its name."""
    found: dict[str, Call] = {}
    for path in sorted((Path(__file__).parent / "requests").glob("[a-z]*.py")):
        found |= import_module(f"tests.backend.requests.{path.stem}").REQUESTS
    return found


@dataclass(frozen=True)
class Gateway:
    """What stands before the functions: it asks for a token where the route has an authorizer."""

    def call(self, function: Written, call: Call, token: str | None) -> Answer:
        """Call a function's route with a token; without one that is believed nobody gets in."""
        declared = function.endpoint.declaration
        claims = _VERIFIER.claims(token, NOW) if token is not None else None
        if claims is None and not declared.public:
            return Answer(401, {"message": "Unauthorized"}, {})
        answer = function.endpoint(_event(call, claims), None)
        return Answer(answer["statusCode"], json.loads(answer["body"]), answer["headers"])


def _event(call: Call, claims: Mapping[str, Any] | None) -> dict[str, Any]:
    about: dict[str, Any] = {"requestId": "matrix", "identity": {"sourceIp": "192.0.2.1"}}
    return {
        "httpMethod": "ANY",
        "requestContext": about | ({"authorizer": {"claims": dict(claims)}} if claims else {}),
        "pathParameters": dict(call.path) or None,
        "multiValueQueryStringParameters": {name: [text] for name, text in call.query.items()},
        "body": None if call.body is None else json.dumps(call.body),
    }
