"""Secrets by name: from the AWS Parameters and Secrets extension, or from Secrets Manager.

They are kept for a while. `BACKEND_DATABASE_URL` names the database directly, for tests and the
local environment.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from urllib.parse import quote

from backend.runtime import aws, extension
from backend.runtime.declaration import DATABASE
from backend.runtime.problems import Unavailable


def secret(name: str) -> Mapping[str, str]:
    """Return the keys of a secret; asked again after five minutes, so that a rotation arrives.

    Raises:
        Unavailable: there is no such secret, or it cannot be read; says nothing of its content.
    """
    return _kept.get(name)


def forget() -> None:
    """Drop what is kept: the next call asks again."""
    _kept.forget()


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
    content = extension.ask(f"/secretsmanager/get?secretId={quote(name, safe='')}")
    try:
        found = (
            aws.call("secretsmanager", "get_secret_value", SecretId=name)
            if content is None
            else json.loads(content)
        )
        keys: Mapping[str, str] = json.loads(found["SecretString"])
    except (ValueError, KeyError, TypeError):
        raise Unavailable from None
    return keys


_kept = extension.Kept(_asked)
