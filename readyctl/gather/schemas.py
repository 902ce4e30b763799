"""The expected and the live schema, each read once for all the facts that compare them."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Generic, TypeVar

from readyctl.clients.failures import SourceFailure
from readyctl.errors import ReadyctlError
from readyctl.model.expectation import Expectation
from readyctl.model.fact import Reason
from readyctl.model.schema import Schema

T = TypeVar("T")


class Schemas:
    """Reads both schemas when they are first asked for. Thread-safe.

    `live` and `expected` may raise a ReadyctlError; it is told to each fact as a failed source.
    """

    def __init__(self, live: Callable[[], Schema], expected: Callable[[], Expectation]) -> None:
        self._live = _Once(live)
        self._expected = _Once(expected)

    def live(self) -> Schema:
        """Return the schema of the environment's database.

        Raises:
            SourceFailure: it cannot be read.
        """
        return self._live.get()

    def expected(self) -> Expectation:
        """Return what the migrations make.

        Raises:
            SourceFailure: they cannot be read, or cannot be applied here.
        """
        return self._expected.get()


class _Once(Generic[T]):
    """An answer that is asked for once, or the failure to give it."""

    def __init__(self, ask: Callable[[], T]) -> None:
        self._ask = ask
        self._lock = threading.Lock()
        self._answer: list[T | SourceFailure] = []

    def get(self) -> T:
        """Return the answer."""
        with self._lock:
            if not self._answer:
                self._answer.append(self._asked())
        answer = self._answer[0]
        if isinstance(answer, SourceFailure):
            raise answer
        return answer

    def _asked(self) -> T | SourceFailure:
        try:
            return self._ask()
        except SourceFailure as failure:
            return failure
        except ReadyctlError as error:
            return SourceFailure(
                Reason.FAILED,
                f"{error.message} [{error.code}]",
                where=error.where,
                resolution=error.hint,
            )
