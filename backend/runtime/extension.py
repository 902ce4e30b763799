"""The AWS Parameters and Secrets extension: what it holds is asked over loopback, and kept."""

from __future__ import annotations

import http.client
import os
from collections.abc import Callable
from time import monotonic
from typing import Generic, TypeVar

from backend.runtime.problems import Unavailable

T = TypeVar("T")

_KEPT_SECONDS = 300.0
_TIMEOUT_SECONDS = 2.0


class Kept(Generic[T]):
    """Values by name: asked once, and again after five minutes, so that a change arrives."""

    def __init__(self, ask: Callable[[str], T]) -> None:
        self._ask = ask
        self._kept: dict[str, tuple[float, T]] = {}

    def get(self, name: str) -> T:
        """Return the value of a name."""
        known = self._kept.get(name)
        if known and monotonic() - known[0] < _KEPT_SECONDS:
            return known[1]
        found = self._ask(name)
        self._kept[name] = (monotonic(), found)
        return found

    def forget(self) -> None:
        """Drop what is kept: the next call asks again."""
        self._kept.clear()


def ask(path: str) -> bytes | None:
    """Return what the extension answers to a path, None where there is no extension.

    Raises:
        Unavailable: it does not answer in time, or refuses; its words are not repeated.
    """
    port = int(os.environ.get("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", "2773"))
    token = {"X-Aws-Parameters-Secrets-Token": os.environ.get("AWS_SESSION_TOKEN", "")}
    connection = http.client.HTTPConnection("localhost", port, timeout=_TIMEOUT_SECONDS)
    try:
        connection.request("GET", path, headers=token)
        answer = connection.getresponse()
        content = answer.read()
    except ConnectionRefusedError:
        return None
    except (OSError, http.client.HTTPException):
        raise Unavailable from None
    finally:
        connection.close()
    if answer.status != http.client.OK:
        raise Unavailable
    return content
