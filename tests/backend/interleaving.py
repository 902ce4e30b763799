"""Two containers whose statements run in an order that a test chooses."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from threading import Condition, local
from typing import Any, Generic, TypeVar

import psycopg
import pytest

from backend.runtime import endpoint
from backend.runtime.database import Database

T = TypeVar("T")
_LOOK_AGAIN_SECONDS = 0.001
_PATIENCE = 20_000


class Turns(Generic[T]):
    """Runs calls at once, each as a container of its own, one statement at a time.

    Before each statement and commit a container waits for its turn. A turn is over when the
    container asks for the next one, is done, or waits in PostgreSQL for another's lock.
    """

    def __init__(self, watcher: psycopg.Connection[Any]) -> None:
        self._watcher = watcher
        self._state = Condition()
        self._granted: dict[int, int] = {}
        self._parked: set[int] = set()
        self._done: set[int] = set()
        self._backends: dict[int, int] = {}

    def run(self, calls: Sequence[Callable[[], T]], order: Sequence[int]) -> list[T]:
        """Return what the calls return; after `order` they take turns until all are done."""
        with ThreadPoolExecutor(len(calls)) as pool:
            futures = [pool.submit(self._container, who, call) for who, call in enumerate(calls)]
            rest = (who for _ in range(_PATIENCE) for who in range(len(calls)))
            for who in order:
                self._turn(who)
            for who in rest:
                if len(self._done) == len(calls):
                    break
                self._turn(who)
            return [future.result() for future in futures]

    def _container(self, who: int, call: Callable[[], T]) -> T:
        _thread.turns, _thread.who, _thread.database = self, who, Database()
        try:
            return call()
        finally:
            _thread.database.close()
            _thread.turns = None
            with self._state:
                self._done.add(who)
                self._parked.discard(who)
                self._state.notify_all()

    def step(self, who: int, backend: int) -> None:
        """Wait, before a statement, until it is this container's turn."""
        with self._state:
            self._backends[who] = backend
            self._parked.add(who)
            self._state.notify_all()
            self._state.wait_for(lambda: self._granted.get(who, 0) > 0)
            self._granted[who] -= 1
            self._parked.discard(who)

    def _turn(self, who: int) -> None:
        with self._state:
            self._settle(who)
            if who not in self._parked:
                return
            self._parked.discard(who)
            self._granted[who] = self._granted.get(who, 0) + 1
            self._state.notify_all()
            self._settle(who)

    def _settle(self, who: int) -> None:
        # Until it asks for its next turn, is done, or can only go on when another does.
        while who not in self._parked | self._done and not self._blocked(who):
            self._state.wait(_LOOK_AGAIN_SECONDS)

    def _blocked(self, who: int) -> bool:
        backend = self._backends.get(who)
        if backend is None:
            return False
        found = self._watcher.execute("select pg_blocking_pids(%s)", [backend]).fetchone()
        return bool(found and found[0])


class _Thread(local):
    turns: Turns[Any] | None = None
    who: int = 0
    database: Database | None = None


_thread = _Thread()


class _DatabaseOfThread:
    """What the functions take for the connection of their container."""

    def transaction(self, request: Any) -> Any:
        """Begin a transaction on the container's own connection."""
        assert _thread.database
        return _thread.database.transaction(request)


@contextmanager
def containers(dsn: str) -> Iterator[psycopg.Connection[Any]]:
    """Give each thread a container of its own; yield a connection that watches them."""
    execute, commit = psycopg.Connection.execute, psycopg.Connection.commit

    def stepping_execute(self: Any, *given: Any, **named: Any) -> Any:
        _wait(self)
        return execute(self, *given, **named)

    def stepping_commit(self: Any) -> None:
        _wait(self)
        commit(self)

    with pytest.MonkeyPatch.context() as patch, psycopg.connect(dsn, autocommit=True) as watcher:
        patch.setattr(endpoint, "database", _DatabaseOfThread())
        patch.setattr(psycopg.Connection, "execute", stepping_execute)
        patch.setattr(psycopg.Connection, "commit", stepping_commit)
        yield watcher


def _wait(connection: psycopg.Connection[Any]) -> None:
    if _thread.turns:
        _thread.turns.step(_thread.who, connection.info.backend_pid)
