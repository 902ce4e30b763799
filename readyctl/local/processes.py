"""Starts, recognises and ends processes, so that none outlives what knows of it."""

from __future__ import annotations

import contextlib
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, cast

from readyctl.errors import LocalError
from readyctl.local.state import ProcessRecord

# The shell waits until its pid is recorded and then becomes the program: same pid, same start
# time. A second, detached shell ends the program should our end of the pipe close before "ready".
_GUARD = """
exec 3<&0 </dev/null
read -r _ <&3 || exit 1
( ( trap '' INT TERM
    read -r _ <&3 && exit 0
    kill -"$0" "$$"; n=0
    while kill -0 "$$" && [ "$n" -lt 30 ]; do sleep 0.1; n=$((n + 1)); done
    kill -KILL "-$$" ) >/dev/null 2>&1 & )
exec "$@" 3<&-
"""

# In the environment of everything that is started, and so of what that starts in turn.
MARK = "READYCTL_LOCAL_DIRECTORY"

_PROC = Path("/proc")
_POLL_SECONDS = 0.03
_MOST_ROUNDS = 5

# Popen objects are kept so that a program that we started, and that ended, can be reaped.
_started: dict[int, subprocess.Popen[bytes]] = {}


@dataclass(frozen=True, slots=True)
class Account:
    """An unprivileged user of this machine, by number."""

    uid: int
    gid: int


@dataclass(frozen=True, slots=True)
class Program:
    """What to run, and how it is asked to end."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str]
    directory: Path
    log: Path
    stop_signal: signal.Signals = signal.SIGTERM
    account: Account | None = None


@dataclass(slots=True)
class Guarded:
    """A program that was started and dies with us until `release` is called."""

    record: ProcessRecord
    _pipe: IO[bytes] = field(repr=False)

    def release(self) -> None:
        """Let the program outlive this process."""
        self.say(b"ready\n")
        with contextlib.suppress(OSError):
            self._pipe.close()

    def say(self, line: bytes) -> None:
        """Write one line to the guard; it may have ended already."""
        with contextlib.suppress(OSError):
            self._pipe.write(line)
            self._pipe.flush()


def spawn(program: Program, record: Callable[[ProcessRecord], None]) -> Guarded:
    """Start `program` in a session of its own, once `record` has written down its pid.

    Raises:
        LocalError: the program cannot be started.
    """
    try:
        shell = _spawn_guard(program)
    except OSError as error:
        raise LocalError(
            "E0503",
            f"{program.name} cannot be started",
            cause=error.strerror or type(error).__name__,
            where=program.command[0],
            hint="run `readyctl doctor`",
        ) from None
    _started[shell.pid] = shell
    pipe = cast(IO[bytes], shell.stdin)
    process = ProcessRecord(program.name, shell.pid, identity(shell.pid) or "")
    try:
        record(process)
    except BaseException:
        # The shell still waits for its word to go; without one it ends.
        pipe.close()
        raise
    guarded = Guarded(process, pipe)
    guarded.say(b"go\n")
    return guarded


def _spawn_guard(program: Program) -> subprocess.Popen[bytes]:
    account = program.account
    with program.log.open("ab") as log:
        return subprocess.Popen(
            ["/bin/sh", "-c", _GUARD, program.stop_signal.name[3:], *program.command],
            stdin=subprocess.PIPE,
            stdout=log,
            stderr=subprocess.STDOUT,
            cwd=program.directory,
            env=dict(program.environment),
            start_new_session=True,
            user=account.uid if account else None,
            group=account.gid if account else None,
            extra_groups=[] if account else None,
            umask=0o077,
        )


def exit_status(record: ProcessRecord) -> int | None:
    """Return the exit status of a program that this process started and that ended, else None."""
    child = _started.get(record.pid)
    return child.poll() if child else None


def identity(pid: int) -> str | None:
    """Return what tells this process from any other that ever had its pid, None if it is gone."""
    if _PROC.joinpath("self", "stat").exists():
        return _linux_identity(pid)
    shown = subprocess.run(
        ["ps", "-o", "lstart=,stat=", "-p", str(pid)], capture_output=True, text=True, check=False
    ).stdout.split()
    return " ".join(shown[:-1]) if shown and not shown[-1].startswith("Z") else None


def alive(record: ProcessRecord) -> bool:
    """Tell whether exactly this process still runs."""
    running = bool(record.started) and identity(record.pid) == record.started
    if not running:
        # Looked at after the process: one that ended in between would stay a zombie.
        exit_status(record)
    return running


def stop(record: ProcessRecord, signals: Iterable[signal.Signals], seconds: float) -> None:
    """End this process and all that it started; each of `signals` gets `seconds` to work.

    A process that got the pid since is left alone.
    """
    family = _family(record) if alive(record) else []
    for number in signals:
        if not alive(record):
            break
        _signal(record, number)
        _wait_gone([record], seconds)
    if alive(record):
        _signal_group(record)
    for member in family:
        _signal(member, signal.SIGKILL)
    _wait_gone([record, *family], 5.0)


def stop_marked(directory: Path) -> None:
    """End every process that was started for `directory`, orphans of a dead parent included."""
    mark = _mark(directory)
    # More than once: what is ended may have started another one after it was looked for.
    for _ in range(_MOST_ROUNDS):
        orphans = [record for record in _processes() if mark in _environment(record.pid)]
        if not orphans:
            return
        for record in orphans:
            _signal(record, signal.SIGKILL)
        _wait_gone(orphans, 5.0)


def _linux_identity(pid: int) -> str | None:
    fields = _stat(pid)
    if fields is None or fields[0] in "ZX":
        return None
    return f"{_boot()}:{fields[19]}"


def _stat(pid: int) -> list[str] | None:
    """Return the fields of /proc/PID/stat that follow the name, which may hold any character."""
    try:
        text = _PROC.joinpath(str(pid), "stat").read_text(errors="replace")
    except OSError:
        return None
    return text.rpartition(")")[2].split()


def _boot() -> str:
    try:
        return _PROC.joinpath("sys/kernel/random/boot_id").read_text().strip()
    except OSError:
        return sys.platform


def _processes() -> list[ProcessRecord]:
    found = []
    for entry in _PROC.glob("[0-9]*"):
        started = _linux_identity(int(entry.name))
        if started is not None:
            found.append(ProcessRecord("", int(entry.name), started))
    return found


def _family(record: ProcessRecord) -> list[ProcessRecord]:
    """Return the descendants of a process and the members of its session."""
    everyone = {process.pid: process for process in _processes()}
    links = {pid: fields for pid in everyone if (fields := _stat(pid))}
    family = {pid for pid, fields in links.items() if fields[3] == str(record.pid)} | {record.pid}
    grown = True
    while grown:
        found = {pid for pid, fields in links.items() if int(fields[1]) in family}
        grown = not found <= family
        family |= found
    return [everyone[pid] for pid in sorted(family - {record.pid})]


def _mark(directory: Path) -> bytes:
    return f"{MARK}={directory}".encode()


def _environment(pid: int) -> list[bytes]:
    try:
        return _PROC.joinpath(str(pid), "environ").read_bytes().split(b"\0")
    except OSError:
        return []


def _signal(record: ProcessRecord, number: signal.Signals) -> None:
    if alive(record):
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.kill(record.pid, number)


def _signal_group(record: ProcessRecord) -> None:
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(record.pid, signal.SIGKILL)


def _wait_gone(records: list[ProcessRecord], seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while any(map(alive, records)) and time.monotonic() < deadline:
        time.sleep(_POLL_SECONDS)
