"""Keeps the books of one start: what was made so far, and how to undo it when it fails."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from pathlib import Path

from readyctl.errors import LocalError
from readyctl.local import processes, state
from readyctl.local.state import Leftovers, ProcessRecord

_POLL_SECONDS = 0.05


class Startup:
    """One start of the environment; each thing is written down before it can be forgotten."""

    def __init__(self, root: Path, progress: Callable[[str], None]) -> None:
        self.progress = progress
        self._root = root
        self._lock = threading.Lock()
        self._made = Leftovers()
        self._guarded: list[processes.Guarded] = []
        self._cancelled = threading.Event()

    @property
    def made(self) -> Leftovers:
        """What was made so far."""
        return self._made

    def make_directory(self, path: Path, mode: int = 0o700) -> None:
        """Make a directory that ends with the environment; it must not exist."""
        self._record(Leftovers(directories=(str(path),)))
        path.mkdir(parents=True, mode=mode)

    def spawn(self, program: processes.Program) -> processes.Guarded:
        """Start a program that dies with this process until `release`.

        Raises:
            LocalError: it cannot be started.
        """
        self._check()
        guarded = processes.spawn(program, lambda one: self._record(Leftovers(processes=(one,))))
        self._guarded.append(guarded)
        return guarded

    def wait_ready(
        self, record: ProcessRecord, ready: Callable[[], bool], log: Path, seconds: float
    ) -> None:
        """Return once `ready` says so.

        Raises:
            LocalError: the program ended, `seconds` passed, or the start was given up.
        """
        deadline = time.monotonic() + seconds
        while not ready():
            self._check()
            if not processes.alive(record):
                raise _failed(f"{record.name} ended while it was starting", log)
            if time.monotonic() > deadline:
                raise _failed(f"{record.name} did not answer within {seconds:.0f} s", log)
            self._cancelled.wait(_POLL_SECONDS)

    def wait_end(self, record: ProcessRecord, log: Path, seconds: float) -> None:
        """Return once a program has ended well.

        Raises:
            LocalError: it failed, `seconds` passed, or the start was given up.
        """
        deadline = time.monotonic() + seconds
        while (status := processes.exit_status(record)) is None:
            self._check()
            if time.monotonic() > deadline:
                raise _failed(f"{record.name} did not end within {seconds:.0f} s", log)
            self._cancelled.wait(_POLL_SECONDS)
        if status:
            raise _failed(f"{record.name} failed", log)

    def cancel(self) -> None:
        """Make every wait of this start give up."""
        self._cancelled.set()

    def release(self) -> None:
        """Let everything that was started outlive this process."""
        for guarded in self._guarded:
            guarded.release()

    def _check(self) -> None:
        if self._cancelled.is_set():
            raise LocalError("E0505", "the start was given up")

    def _record(self, more: Leftovers) -> None:
        with self._lock:
            self._made = self._made + more
            state.save_leftovers(self._root, self._made)


def _failed(message: str, log: Path) -> LocalError:
    return LocalError(
        "E0503",
        message,
        cause=_last_words(log),
        where=str(log),
        hint="read that log, then run `readyctl local down` and `readyctl local up`",
    )


def _last_words(log: Path) -> str:
    try:
        lines = log.read_text(encoding="utf-8", errors="replace").splitlines()
    except OSError:
        return ""
    spoken = [line.strip() for line in lines if line.strip()]
    return spoken[-1][:300] if spoken else ""
