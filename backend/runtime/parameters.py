"""Parameters by name: from the extension, or from AWS Systems Manager; kept for a while."""

from __future__ import annotations

import json
from urllib.parse import quote

from backend.runtime import aws, extension
from backend.runtime.problems import Unavailable


def parameter(name: str) -> str:
    """Return a parameter's value.

    Raises:
        Unavailable: there is no such parameter, or it cannot be read.
    """
    return _kept.get(name)


def forget() -> None:
    """Drop what is kept: the next call asks again."""
    _kept.forget()


def _asked(name: str) -> str:
    content = extension.ask(f"/systemsmanager/parameters/get?name={quote(name, safe='')}")
    try:
        found = (
            aws.call("ssm", "get_parameter", Name=name) if content is None else json.loads(content)
        )
        return str(found["Parameter"]["Value"])
    except (ValueError, KeyError, TypeError):
        raise Unavailable from None


_kept = extension.Kept(_asked)
