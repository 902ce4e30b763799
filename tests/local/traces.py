"""What a local environment leaves on this machine: processes and directories."""

from __future__ import annotations

import contextlib
import json
import os
import subprocess
import sys
from collections.abc import Iterable, Iterator
from pathlib import Path

import psutil

PROJECT = Path(__file__).resolve().parents[2]

# Runs `up`, printing each sentence of its progress; SIGINT may be ignored where tests run.
_UP = """
import signal, sys
from pathlib import Path
from readyctl.local.environment import up
signal.signal(signal.SIGINT, signal.default_int_handler)
up(Path(sys.argv[1]), "reference", lambda sentence: print(sentence, flush=True))
"""


@contextlib.contextmanager
def starting(root: Path, until: str) -> Iterator[subprocess.Popen[str]]:
    """Yield a process that is in the middle of `up`, having just said `until`."""
    process = subprocess.Popen(
        [sys.executable, "-c", _UP, str(root)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    assert process.stdout is not None
    try:
        assert any(until in sentence for sentence in process.stdout), f"never said {until!r}"
        yield process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def directories(root: Path) -> list[str]:
    """Return the directories that the records below `root` name."""
    home = root / ".readyctl" / "local"
    named: list[str] = []
    for record in (home / "starting.json", home / "state.json"):
        if record.exists():
            named += json.loads(record.read_text(encoding="utf-8"))["directories"]
    return named


def processes(places: Iterable[str]) -> list[psutil.Process]:
    """Return the living processes that work in, were started for, or name one of `places`."""
    wanted = tuple(places)
    return [process for process in psutil.process_iter() if _mentions(process, wanted)]


def _mentions(process: psutil.Process, places: tuple[str, ...]) -> bool:
    if process.pid == os.getpid():
        return False
    try:
        if process.status() == psutil.STATUS_ZOMBIE:
            return False
        spoken = [process.cwd(), *process.cmdline(), *process.environ().values()]
    except psutil.Error:
        return False
    return any(place in text for place in places for text in spoken)
