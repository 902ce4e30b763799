"""How far a gather has come: one line for people, a line now and then for logs."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable

import pytest

from readyctl.cli.progress import GatherProgress
from readyctl.cli.session import Session
from readyctl.gather.runner import Progress


class _Stream(io.StringIO):
    encoding = "utf-8"

    def __init__(self, *, tty: bool) -> None:
        super().__init__()
        self._tty = tty

    def isatty(self) -> bool:
        return self._tty


def _ticking(moments: Iterable[float]) -> Callable[[], float]:
    iterator = iter(moments)
    return lambda: next(iterator)


def _shown(
    monkeypatch: pytest.MonkeyPatch, session: Session, *, tty: bool, moments: Iterable[float] = ()
) -> str:
    stream = _Stream(tty=tty)
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setattr("sys.stderr", stream)
    progress = GatherProgress(session, _ticking([0.0, *moments]))
    for done in (1, 2):
        progress(Progress(done, 2, "buckets", True, done))
    progress.end()
    return stream.getvalue()


def test_terminal_gets_one_line_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """On a terminal the line is written over, and blank at the end."""
    lines = _shown(monkeypatch, Session(), tty=True).split("\r")
    assert (lines[2], lines[3].strip(), lines[4]) == ("Gathered 2 of 2 facts", "", "")


def test_log_gets_a_line_every_ten_seconds(monkeypatch: pytest.MonkeyPatch) -> None:
    """Elsewhere nothing is written over, and lines come ten seconds apart."""
    moments = (9.0, 10.0, 10.0)
    assert _shown(monkeypatch, Session(), tty=False, moments=moments) == "Gathered 2 of 2 facts\n"


def test_quiet_says_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """With -q there is no progress."""
    assert _shown(monkeypatch, Session(quiet=1), tty=True) == ""


def test_verbose_names_each_fact(monkeypatch: pytest.MonkeyPatch) -> None:
    """With -v each fact has its line."""
    shown = _shown(monkeypatch, Session(verbose=1), tty=False)
    assert shown == "gathered buckets\ngathered buckets\n"
