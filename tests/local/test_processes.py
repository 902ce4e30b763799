"""Tests of starting, recognising and ending processes."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from readyctl.errors import LocalError
from readyctl.local import processes
from readyctl.local.processes import Guarded, Program
from readyctl.local.state import ProcessRecord
from tests.local.traces import PROJECT

# Says that it runs, leaves a worker in a session of its own, and sleeps.
_SERVER = "setsid sleep 300 & echo running; wait"

_STARTER = """
import sys
from pathlib import Path
from readyctl.local import processes
home = Path(sys.argv[1])
environment = {"PATH": "/usr/bin:/bin", processes.MARK: str(home)}
program = processes.Program("server", ["sleep", "300"], environment, home, home / "log")
guarded = processes.spawn(program, lambda _: None)
if sys.argv[2] == "release":
    guarded.release()
print(guarded.record.pid, flush=True)
sys.stdin.read()
"""


def _program(home: Path, *command: str) -> Program:
    environment = {"PATH": os.environ["PATH"], processes.MARK: str(home)}
    return Program("server", command, environment, home, home / "log")


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Guarded]:
    """A server with a worker that would outlive it."""
    guarded = processes.spawn(_program(tmp_path, "sh", "-c", _SERVER), lambda _: None)
    while "running" not in (tmp_path / "log").read_text(encoding="utf-8"):
        assert processes.alive(guarded.record)
    yield guarded
    processes.stop(guarded.record, [signal.SIGKILL], 1.0)
    processes.stop_marked(tmp_path)
    guarded.release()


def _start_elsewhere(home: Path, how: str) -> psutil.Process:
    """Return a server whose starter was killed, before or after it released the server."""
    starter = subprocess.Popen(
        [sys.executable, "-c", _STARTER, str(home), how],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
    )
    with starter:
        assert starter.stdout is not None
        server = psutil.Process(int(starter.stdout.readline()))
        starter.kill()
    return server


def _wait_gone(process: psutil.Process) -> bool:
    """Tell whether a process ends within some seconds; init may be slow to bury it."""
    try:
        process.wait(10)
    except psutil.TimeoutExpired:
        return process.status() == psutil.STATUS_ZOMBIE
    return True


def test_recorded_before_it_runs(tmp_path: Path) -> None:
    """A program whose pid cannot be written down never runs."""
    shells = []

    def refuse(record: ProcessRecord) -> None:
        shells.append(psutil.Process(record.pid))
        raise OSError("disk full")

    with pytest.raises(OSError, match="disk full"):
        processes.spawn(_program(tmp_path, "touch", str(tmp_path / "ran")), refuse)
    assert _wait_gone(shells[0])
    assert not (tmp_path / "ran").exists()


def test_program_keeps_its_recorded_identity(server: Guarded) -> None:
    """The pid and start time that were written down are those of the program itself."""
    assert processes.alive(server.record)


def test_killed_starter_takes_its_server_along(tmp_path: Path) -> None:
    """A server ends by itself when its starter is killed before the environment is up."""
    assert _wait_gone(_start_elsewhere(tmp_path, "hold"))


def test_released_server_outlives_its_starter(tmp_path: Path) -> None:
    """A released server runs on without its starter."""
    server = _start_elsewhere(tmp_path, "release")
    with pytest.raises(psutil.TimeoutExpired):
        server.wait(0.5)
    processes.stop_marked(tmp_path)


def test_stop_ends_the_workers(server: Guarded) -> None:
    """Ending a server ends what it started, in whatever session."""
    family = psutil.Process(server.record.pid).children(recursive=True)
    processes.stop(server.record, [signal.SIGTERM], 5.0)
    assert family
    assert not any(map(_lives, family))


def test_orphans_are_found(server: Guarded, tmp_path: Path) -> None:
    """The workers of a server that was killed are ended all the same."""
    family = psutil.Process(server.record.pid).children(recursive=True)
    os.kill(server.record.pid, signal.SIGKILL)
    processes.stop_marked(tmp_path)
    assert family
    assert not any(map(_lives, family))


def test_recycled_pid_is_left_alone(server: Guarded) -> None:
    """A process that got a recorded pid later is not ended."""
    stale = ProcessRecord("server", server.record.pid, "an earlier boot:1")
    processes.stop(stale, [signal.SIGTERM], 1.0)
    assert processes.alive(server.record)


def test_missing_program(tmp_path: Path) -> None:
    """A program whose directory is not there is an error of the local environment."""
    with pytest.raises(LocalError):
        processes.spawn(_program(tmp_path / "missing", "true"), lambda _: None)


def _lives(process: psutil.Process) -> bool:
    return process.is_running() and process.status() != psutil.STATUS_ZOMBIE
