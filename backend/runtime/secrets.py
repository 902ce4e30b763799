"""Secrets by name: from the AWS Parameters and Secrets extension, kept for a while.

`BACKEND_DATABASE_URL` names the database directly, for tests and the local environment.
"""

from __future__ import annotations

import http.client
import json
import os
from collections.abc import Mapping
from time import monotonic
from urllib.parse import quote

from backend.runtime.declaration import DATABASE
from backend.runtime.problems import Unavailable

_KEPT_SECONDS = 300.0
_TIMEOUT_SECONDS = 2.0
_kept: dict[str, tuple[float, Mapping[str, str]]] = {}


def secret(name: str) -> Mapping[str, str]:
    """Return the keys of a secret; asked again after five minutes, so that a rotation arrives.

    Raises:
        Unavailable: there is no such secret, or it cannot be read; says nothing of its content.
    """
    known = _kept.get(name)
    if known and monotonic() - known[0] < _KEPT_SECONDS:
        return known[1]
    found = _asked(name)
    _kept[name] = (monotonic(), found)
    return found


def forget() -> None:
    """Drop what is kept: the next call asks again."""
    _kept.clear()


def database_url() -> str:
    """Return how to reach the database; it holds a password, so it is never logged."""
    given = os.environ.get("BACKEND_DATABASE_URL")
    if given:
        return given
    found = secret(DATABASE)
    user, password = quote(found["username"], safe=""), quote(found["password"], safe="")
    return (
        f"postgresql://{user}:{password}@{found['host']}:{found['port']}/{found['dbname']}"
        "?sslmode=verify-full&sslrootcert=system"
    )


def _asked(name: str) -> Mapping[str, str]:
    port = int(os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773"))
    connection = http.client.HTTPConnection("localhost", port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request(
            "GET",
            f"/secretsmanager/get?secretId={quote(name, safe='')}",
            headers={"X-Aws-Parameters-Secrets-Token": os.environ.get("AWS_SESSION_TOKEN", "")},
        )
        answer = connection.getresponse()
        content = answer.read()
        if answer.status != http.client.OK:
            raise Unavailable
        found: Mapping[str, str] = json.loads(json.loads(content)["SecretString"])
    except (OSError, http.client.HTTPException, ValueError, KeyError):
        raise Unavailable from None
    finally:
        connection.close()
    return found
