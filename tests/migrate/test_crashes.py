"""Killed at any moment, readyctl and the server leave what an apply goes on from."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import psycopg
import pytest

from readyctl.errors import ReadyctlError
from readyctl.local.environment import down, up
from readyctl.migrate.planner import Row
from tests import databases
from tests.migrate.conftest import Seen, Target

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("crashes")]

# `make prove` kills at fifty points.
POINTS = int(os.environ.get("READYCTL_CRASH_POINTS", "5"))
FILES = 200
_SHORTLY = 0.02
_ATTEMPTS = 2_000
_CONFIG = """readyctl: 1
system: clinic
migrations: migrations
environments:
  production:
    account: "123456789012"
    region: us-east-1
    database: {owner_dsn: env:OWNER_DSN}
"""
_START = """
import os, subprocess, sys
user, group, *command = sys.argv[1:]
other = {"user": int(user), "group": int(group), "extra_groups": []}
subprocess.Popen(command, **other if os.geteuid() == 0 else {})
"""
_APPLY = ("-m", "readyctl", "migrate", "apply", "--yes", "--tries", "50")


@pytest.fixture
def crashing(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Target]:
    """Two hundred files before a server of their own, which may be killed."""
    root = tmp_path_factory.mktemp("crash")
    try:
        state = up(root, "empty", lambda _: None)
        (tmp_path / "config.yaml").write_text(_CONFIG, encoding="utf-8")
        with databases.database(state) as dsn:
            target = Target(tmp_path / "migrations", dsn)
            target.folder.mkdir()
            for number in range(1, FILES + 1):
                (target.folder / f"{number}_a.sql").write_text(_file(number), encoding="utf-8")
            yield target
    finally:
        down(root, lambda _: None)


def _file(number: int) -> str:
    """A table and rows in it; of ten files one has an index that no transaction holds, one a new
    value of an enum, one its own transactions, and one is a big one that takes its time."""
    table = f"t{number}"
    if number % 10 > 6:
        # Several of these are sent at once.
        return f"create table {table} (x int); create index on {table} (x);"
    text = f"create table {table} (x int); insert into {table} values (1);"
    parts = {
        0: f"create index concurrently i{number} on {table} (x);",
        1: f"create type e{number} as enum ('a'); vacuum {table};"
        f" alter type e{number} add value 'b'; alter table {table} add y e{number} default 'b';",
        2: f"commit; begin; insert into {table} select 3 where false; commit; begin;",
        3: f"insert into {table} select 4 from generate_series(1, 20000) where random() > 2;"
        f" do $$ begin perform pg_sleep(0.02); end $$; -- {'x' * 50_000}\n",
        4: "call p4();"
        if number > 10
        else "create procedure p4() language plpgsql as"
        " $$ begin commit; perform pg_sleep(0.01); end $$;",
    }
    begin, end = ("begin;", "commit;") if number % 10 == 2 else ("", "")
    middle = parts.get(number % 10, "select pg_sleep(0.005);")
    return f"{begin} {text} {middle} insert into {table} values (2); {end}"


def settle(target: Target) -> None:
    """Wait until the server answers, and nobody applies any more."""
    for _ in range(_ATTEMPTS):
        with suppress(psycopg.OperationalError):
            if not target.rows(
                "select 1 from pg_stat_activity where application_name like 'readyctl migrate%'"
            ):
                return
        threading.Event().wait(_SHORTLY)
    raise AssertionError("the server did not come back")


def agree(target: Target) -> None:
    """Ledger and schema say the same, and no statement ran twice or was left out."""
    entries: dict[int, tuple[str, int]] = {}
    if target.exists("readyctl.migrations"):
        rows = target.rows("select version::int, kind, done from readyctl.migrations")
        entries = {version: (kind, done) for version, kind, done in rows}
    names = target.rows("select tablename from pg_tables where tablename ~ '^t[0-9]+$'")
    found = {
        int(name[1:]): [x for (x,) in target.rows(f"select x from {name} order by x")]
        for (name,) in names
    }
    wanted = {
        version: [] if version % 10 > 6 else [1, 2] if kind == "applied" else [1]
        for version, (kind, done) in entries.items()
        if kind == "applied" or done
    }
    assert found == wanted


def finish(target: Target) -> None:
    """What is left is applied, and every file is in the end."""
    target.apply(wait=30)
    agree(target)
    assert set(target.states().values()) == {"applied"}
    invalid = "select 1 from pg_index where not indisvalid"
    assert target.rows(invalid) == []
    assert len(target.rows("select 1 from pg_class where relname ~ '^i[0-9]+$'")) == FILES // 10


def steps(seed: int) -> list[int]:
    """After how many more files each kill comes."""
    chance = random.Random(seed)  # noqa: S311
    return [chance.randint(0, max(FILES // POINTS - 1, 1)) for _ in range(POINTS)]


def applying(target: Target) -> subprocess.Popen[str]:
    """The command itself, as an operator starts it."""
    return subprocess.Popen(
        [sys.executable, *_APPLY],
        cwd=target.folder.parent,
        env={**os.environ, "OWNER_DSN": target.dsn, "CI": "1"},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.PIPE,
        text=True,
    )


def after(process: subprocess.Popen[str], more: int) -> None:
    """Wait until a command has applied so many more files, or has ended."""
    assert process.stderr
    done = 0
    for line in process.stderr:
        done += line.startswith("  ok  ")
        if done > more:
            return


def moments(seed: int) -> list[tuple[int, float]]:
    """After how many more files, and how many seconds, each kill comes: also within statements."""
    chance = random.Random(seed)  # noqa: S311
    return [(more, chance.random() * 0.03) for more in steps(seed)]


def test_a_killed_apply_goes_on(crashing: Target) -> None:
    """`kill -9` of readyctl, after so many files, in whatever it does then."""
    for more, delay in moments(1):
        with applying(crashing) as process:
            after(process, more)
            threading.Event().wait(delay)
            process.send_signal(signal.SIGKILL)
        settle(crashing)
        agree(crashing)
    finish(crashing)


class Killer(Seen):
    """Kills the server's process that applies, shortly after some file."""

    def __init__(self, target: Target, more: int, delay: float) -> None:
        super().__init__()
        self._target = target
        self._more = more
        self._delay = delay

    def ended(self, row: Row, seconds: float, notices: Sequence[str]) -> None:  # noqa: ARG002
        """A file is applied."""
        self._more -= 1
        if self._more == 0:
            ((pid,),) = self._target.rows(
                "select pid from pg_stat_activity where application_name = 'readyctl migrate'"
            )
            # The death of one process by a signal ends all the others, and starts recovery.
            threading.Timer(self._delay, _kill, [pid]).start()


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


@dataclass(frozen=True)
class Postmaster:
    """The server's first process, and what starts it anew."""

    command: list[str]
    environment: dict[str, str]
    folder: Path
    pid_file: Path

    @classmethod
    def of(cls, target: Target) -> Postmaster:
        """The one that a database is on."""
        ((data,),) = target.rows("select current_setting('data_directory')")
        pid_file = Path(data) / "postmaster.pid"
        process = Path("/proc") / pid_file.read_text().split()[0]
        command = process.joinpath("cmdline").read_bytes().decode().split("\0")[:-1]
        pairs = process.joinpath("environ").read_bytes().decode().split("\0")[:-1]
        return cls(command, dict(pair.split("=", 1) for pair in pairs), Path(data), pid_file)

    def kill_and_start(self) -> None:
        """`kill -9` of it and of all its children, and a new one on the same files."""
        pid = int(self.pid_file.read_text().split()[0])
        children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
        for each in (pid, *map(int, children)):
            _kill(each)
        for each in (pid, *map(int, children)):
            _gone(each)
        self.pid_file.unlink(missing_ok=True)
        owner = self.folder.stat()
        # By way of a process that ends: the server is nobody's child.
        subprocess.run(
            [sys.executable, "-c", _START, str(owner.st_uid), str(owner.st_gid), *self.command],
            check=True,
            env=self.environment,
            cwd=self.folder.parent,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )


def _gone(pid: int) -> None:
    for _ in range(_ATTEMPTS):
        stat = Path(f"/proc/{pid}/stat")
        try:
            if stat.read_text().rpartition(")")[2].split()[0] == "Z":
                return
        except (FileNotFoundError, ProcessLookupError):
            return
        threading.Event().wait(_SHORTLY)
    raise AssertionError("the process did not end")


def test_an_apply_goes_on_after_the_server_was_killed(crashing: Target) -> None:
    """`kill -9` of a process of the server, or of the server: it recovers from its log."""
    for number, (more, delay) in enumerate(moments(2)):
        with applying(crashing) as process:
            after(process, more)
            threading.Event().wait(delay)
            if number % 2:
                Postmaster.of(crashing).kill_and_start()
            else:
                for (pid,) in crashing.rows(
                    "select pid from pg_stat_activity where application_name = 'readyctl migrate'"
                ):
                    # The death of one process by a signal ends all the others.
                    _kill(pid)
            assert process.stderr
            said = process.stderr.read()
        assert "Traceback" not in said
        assert process.returncode in (0, 2)
        settle(crashing)
        agree(crashing)
    finish(crashing)


def test_of_two_commands_at_once_no_file_runs_twice(crashing: Target) -> None:
    """One waits, or is refused."""
    with applying(crashing) as one, applying(crashing) as other:
        said = [process.communicate(timeout=120)[1] for process in (one, other)]
    agree(crashing)
    codes = sorted((one.returncode, other.returncode))
    refused = [text for text in said if "error[E0429]" in text]
    assert codes == ([0, 2] if refused else [0, 0])
    finish(crashing)


def test_a_lost_connection_is_one_error(crashing: Target) -> None:
    """It says what became of the file, and what to do."""
    killer = Killer(crashing, 3, 0.0)
    crashing.seen = killer
    with pytest.raises(ReadyctlError) as caught:
        crashing.apply()
    assert (caught.value.code, "apply` again" in caught.value.hint) == ("E0433", True)
    settle(crashing)
