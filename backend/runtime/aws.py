"""Clients of AWS services: imported late, made once for a container, with short timeouts."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING, Any

from backend.runtime.problems import BadRequest, Conflict, NotFound, Problem, Unavailable

if TYPE_CHECKING:
    from botocore.exceptions import ClientError

_KNOWN: dict[str, Callable[[], Problem]] = {
    "UserNotFoundException": NotFound,
    "UsernameExistsException": Conflict,
    "AliasExistsException": Conflict,
    "InvalidParameterException": partial(BadRequest, "a value is not one that can be used"),
    "InvalidPasswordException": partial(
        BadRequest, "`password` in the body is weaker than allowed"
    ),
}


_clients: dict[str, Any] = {}


def client(service: str) -> Any:
    """Return the client of a service; region, credentials and endpoint are those of the runtime."""
    if service not in _clients:
        _clients[service] = _made(service)
    return _clients[service]


def close() -> None:
    """Drop the clients and their connections; the next call makes others."""
    for made in _clients.values():
        made.close()
    _clients.clear()


def _made(service: str) -> Any:
    import boto3
    from botocore.config import Config

    retries: Any = {"mode": "standard", "total_max_attempts": 3}
    make: Callable[..., Any] = boto3.client
    return make(service, config=Config(connect_timeout=2, read_timeout=5, retries=retries))


def call(service: str, operation: str, **parameters: object) -> dict[str, Any]:
    """Call an operation, such as `admin_create_user` of `cognito-idp`.

    Raises:
        NotFound, Conflict: what the service says of a user that it does not have, or has already.
        BadRequest: a password is weaker than the service allows.
        Unavailable: the service does not answer, or refuses; its text is not repeated.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    try:
        method: Callable[..., dict[str, Any]] = getattr(client(service), operation)
        return method(**parameters)
    except ClientError as error:
        raise _problem(error) from None
    except BotoCoreError:
        raise Unavailable from None


def _problem(error: ClientError) -> Problem:
    return _KNOWN.get(error.response.get("Error", {}).get("Code", ""), Unavailable)()
