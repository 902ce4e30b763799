"""Shows how far a gather has come: one line that changes, or a line every ten seconds."""

from __future__ import annotations

from collections.abc import Callable
from time import monotonic

from readyctl.cli.session import Session
from readyctl.gather.runner import Progress

_EVERY_SECONDS = 10.0


class GatherProgress:
    """Called with each fact that was gathered; `end` takes the line away again."""

    def __init__(self, session: Session, clock: Callable[[], float] = monotonic) -> None:
        self._session = session
        self._terminal = session.err
        self._clock = clock
        self._next = clock() + _EVERY_SECONDS
        self._shown = 0

    def __call__(self, progress: Progress) -> None:
        """Take note of one fact."""
        if self._session.verbose:
            state = "gathered" if progress.available else "unavailable"
            self._session.say(f"{state} {progress.fact}")
        elif self._session.quiet:
            return
        elif self._terminal.interactive:
            self._replace(f"Gathered {progress.done} of {progress.total} facts")
        elif self._clock() >= self._next:
            self._next = self._clock() + _EVERY_SECONDS
            self._session.say(f"Gathered {progress.done} of {progress.total} facts")

    def end(self) -> None:
        """Leave no half line behind."""
        if self._shown:
            self._replace("")

    def _replace(self, text: str) -> None:
        self._terminal.write("\r" + text.ljust(self._shown) + ("" if text else "\r"))
        self._shown = len(text)
