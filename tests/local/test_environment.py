"""Tests of bringing the local environment up and down, with its real servers."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import psutil
import psycopg
import pytest

from readyctl.errors import LocalError
from readyctl.local import environment, state
from readyctl.local.emulator import NAME as EMULATOR
from readyctl.local.environment import LocalStatus, down, status, up
from readyctl.local.postgres import NAME as POSTGRES
from readyctl.local.processes import alive
from readyctl.local.state import Leftovers, LocalState, ProcessRecord
from tests.local.traces import PROJECT, directories, processes, starting

_SYSTEM_PYTHON = Path(f"/usr/bin/python3.{sys.version_info.minor}")

_AS_NOBODY = """
import sys
from pathlib import Path
from readyctl.local.environment import down, status, up
root = Path(sys.argv[1])
try:
    up(root, "empty", print)
    print(status(root).condition)
finally:
    down(root, print)
print(status(root).condition)
"""


def _quiet(sentence: str) -> None:
    """Ignore progress."""


@pytest.fixture
def root(tmp_path: Path) -> Iterator[Path]:
    """A root whose environment is ended after the test."""
    yield tmp_path
    down(tmp_path, _quiet)


def _root(running: LocalState) -> Path:
    """Return the root of an environment that somebody else started."""
    (home,) = [path for path in running.directories if path.endswith("/emulator")]
    return Path(home).parents[2]


def _left(root: Path, named: list[str]) -> tuple[list[psutil.Process], list[str]]:
    """Return the processes and directories that are still there."""
    return processes([str(root), *named]), [path for path in named if Path(path).exists()]


def _conditions(found: LocalStatus) -> dict[str, str]:
    return {part.name: part.condition for part in found.parts}


@pytest.mark.environment
def test_up_is_idempotent(local_empty: LocalState) -> None:
    """An environment that is up in the wanted state is returned as it is."""
    assert up(_root(local_empty), "empty", _quiet) == local_empty


@pytest.mark.environment
def test_status_of_a_running_environment(local_empty: LocalState) -> None:
    """Both servers are reported as running once `up` has returned."""
    assert status(_root(local_empty)).condition == "running"


@pytest.mark.environment
def test_other_state_starts_afresh(root: Path) -> None:
    """Going up in another state ends what ran, and leaves only its own servers."""
    first = up(root, "reference", _quiet)
    second = up(root, "empty", _quiet)
    pids = {record.pid for record in second.processes}
    servers = {one.pid for one in processes([str(root), *first.directories]) if one.pid in pids}
    assert (second.state, servers) == ("empty", pids)
    assert not any(alive(record) for record in first.processes)


@pytest.mark.environment
def test_down_leaves_nothing(root: Path) -> None:
    """After `down` no process and no data is left."""
    named = list(up(root, "empty", _quiet).directories)
    down(root, _quiet)
    assert _left(root, named) == ([], [])


@pytest.mark.environment
def test_interrupted_up_leaves_nothing(root: Path) -> None:
    """Ctrl-C during `up` ends what it had started."""
    with starting(root, "Making the reference account") as process:
        named = directories(root)
        process.send_signal(signal.SIGINT)
        process.wait(30)
    assert _left(root, named) == ([], [])


@pytest.mark.environment
def test_killed_up_is_cleared_by_down(root: Path) -> None:
    """After `up` was killed half-way, `down` ends and removes what it had made."""
    with starting(root, "Making the reference account") as process:
        named = directories(root)
        process.kill()
        process.wait()
    down(root, _quiet)
    assert named
    assert _left(root, named) == ([], [])


@pytest.mark.environment
@pytest.mark.parametrize("name", [EMULATOR, POSTGRES])
def test_dead_part_is_noticed(root: Path, name: str) -> None:
    """A server that was killed is reported as broken, and the other as running."""
    (record,) = [one for one in up(root, "empty", _quiet).processes if one.name == name]
    os.kill(record.pid, signal.SIGKILL)
    found = _conditions(status(root))
    assert found == {EMULATOR: "running", POSTGRES: "running"} | {name: "broken"}


@pytest.mark.environment
def test_up_replaces_a_broken_environment(root: Path) -> None:
    """Going up again starts afresh when a server has died."""
    first = up(root, "empty", _quiet)
    os.kill(first.processes[0].pid, signal.SIGKILL)
    up(root, "empty", _quiet)
    assert status(root).condition == "running"


@pytest.mark.environment
def test_logins(local_empty: LocalState) -> None:
    """The owner may make tables in the database, the auditor may not."""
    with psycopg.connect(local_empty.dsn(local_empty.owner)) as connection:
        connection.execute("CREATE TABLE probe ()")
        connection.rollback()
    with (
        psycopg.connect(local_empty.dsn(local_empty.auditor)) as connection,
        pytest.raises(psycopg.Error),
    ):
        connection.execute("CREATE TABLE probe ()")


def _emulator_libraries() -> Path:
    """Where the emulator that this run uses is installed."""
    named = os.environ.get("READYCTL_EMULATOR")
    home = Path(named).parent.parent if named else Path(sys.prefix)
    return next(home.glob("lib/python3*/site-packages"))


@pytest.mark.environment
@pytest.mark.skipif(os.geteuid() != 0, reason="the other tests already run as an ordinary user")
@pytest.mark.skipif(not _SYSTEM_PYTHON.exists(), reason="no Python that every user can run")
def test_runs_as_an_ordinary_user(tmp_path_factory: pytest.TempPathFactory) -> None:
    """Up, status and down work for a user who is not root."""
    base = Path("/tmp", f"{tmp_path_factory.getbasetemp().name}-{os.getpid()}-nobody")
    libraries = next(path for path in sys.path if path.endswith("site-packages"))
    emulator = base / "ministack"
    base.mkdir()
    try:
        os.chown(base, 65534, 65534)
        emulator.write_text(
            f"#!/bin/sh\nexport PYTHONPATH={_emulator_libraries()}\n"
            f'exec {_SYSTEM_PYTHON} -m ministack "$@"\n',
            encoding="utf-8",
        )
        emulator.chmod(0o755)
        finished = subprocess.run(
            [_SYSTEM_PYTHON, "-c", _AS_NOBODY, base / "root"],
            env={
                "PATH": os.defpath,
                "PYTHONPATH": f"{libraries}:{PROJECT}",
                "READYCTL_EMULATOR": str(emulator),
            },
            user=65534,
            group=65534,
            extra_groups=[],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        assert (finished.returncode, finished.stderr) == (0, "")
        assert "running" in finished.stdout.splitlines()
        assert processes([str(base)]) == []
    finally:
        subprocess.run(["rm", "-rf", str(base)], check=True)


def test_status_without_an_environment(tmp_path: Path) -> None:
    """What was never started is stopped."""
    assert status(tmp_path).condition == "stopped"


def test_down_without_an_environment(tmp_path: Path) -> None:
    """Ending what was never started does nothing, and makes no directory."""
    down(tmp_path, _quiet)
    assert list(tmp_path.iterdir()) == []


def test_recycled_pid_survives_down(tmp_path: Path) -> None:
    """A process that got the pid of a dead server is not ended."""
    stale = ProcessRecord(EMULATOR, os.getpid(), "an earlier boot:1")
    state.save_leftovers(tmp_path, Leftovers((stale,)))
    down(tmp_path, _quiet)
    assert psutil.Process().is_running()


def test_down_removes_only_its_own_directories(tmp_path: Path) -> None:
    """A directory that readyctl cannot have made is kept, whatever a record says."""
    precious = tmp_path / "precious"
    precious.mkdir()
    state.save_leftovers(tmp_path, Leftovers(directories=(str(precious),)))
    down(tmp_path, _quiet)
    assert precious.is_dir()


def test_down_survives_a_malformed_record(tmp_path: Path) -> None:
    """A malformed record is removed by `down`, as its message promises."""
    state.directory(tmp_path).mkdir(parents=True)
    state.state_path(tmp_path).write_text("{", encoding="utf-8")
    down(tmp_path, _quiet)
    assert status(tmp_path).condition == "stopped"


def test_unwritable_root(tmp_path: Path) -> None:
    """A root that cannot be written is an error that names the directory."""
    (tmp_path / ".readyctl").write_text("a file in the way", encoding="utf-8")
    with pytest.raises(LocalError) as raised:
        up(tmp_path, "empty", _quiet)
    assert raised.value.where == str(state.directory(tmp_path))


def test_missing_emulator(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without the emulator the error names the command that installs it."""
    monkeypatch.delenv("READYCTL_EMULATOR", raising=False)
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    with pytest.raises(LocalError) as raised:
        environment.up(tmp_path, "empty", _quiet)
    assert (raised.value.code, raised.value.hint) == ("E0501", "readyctl local install")
