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
from pathlib import Path

import psycopg
import pytest

from readyctl.errors import MigrateError, ReadyctlError
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
_APPLY = """
import sys
from pathlib import Path
from tests.migrate.conftest import Seen, Target
class Loud(Seen):
    def ended(self, row, seconds, notices):
        print(row.version, flush=True)
Target(Path(sys.argv[1]), sys.argv[2], Loud()).apply()
"""


@pytest.fixture
def crashing(tmp_path_factory: pytest.TempPathFactory, tmp_path: Path) -> Iterator[Target]:
    """Two hundred files before a server of their own, which may be killed."""
    root = tmp_path_factory.mktemp("crash")
    try:
        state = up(root, "empty", lambda _: None)
        with databases.database(state) as dsn:
            target = Target(tmp_path, dsn)
            for number in range(1, FILES + 1):
                (tmp_path / f"{number}_a.sql").write_text(_file(number), encoding="utf-8")
            yield target
    finally:
        down(root, lambda _: None)


def _file(number: int) -> str:
    """A table, a row in it, and in every tenth file an index that no transaction holds."""
    text = f"create table t{number} (x int); insert into t{number} values (1);"
    if number % 10 == 0:
        text += f" create index concurrently i{number} on t{number} (x);"
        text += f" insert into t{number} values (2);"
    return text


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
    """Ledger and schema say the same, and no statement ran twice."""
    entries: dict[int, tuple[str, int]] = {}
    if target.exists("readyctl.migrations"):
        rows = target.rows("select version::int, kind, done from readyctl.migrations")
        entries = {version: (kind, done) for version, kind, done in rows}
    names = target.rows("select tablename from pg_tables where tablename ~ '^t[0-9]+$'")
    found = {int(name[1:]): len(target.rows(f"select x from {name}")) for (name,) in names}
    wanted = {
        version: 2 if version % 10 == 0 and kind == "applied" else 1
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


def test_a_killed_apply_goes_on(crashing: Target) -> None:
    """`kill -9` of readyctl, after so many files, in whatever it does then."""
    for more in steps(1):
        command = [sys.executable, "-c", _APPLY, str(crashing.folder), crashing.dsn]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
            assert process.stdout
            for number, _ in enumerate(process.stdout, start=1):
                if number > more:
                    break
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


def test_an_apply_goes_on_after_the_server_was_killed(crashing: Target) -> None:
    """`kill -9` of a process of the server: all of it ends, and recovers from its log."""
    chance = random.Random(2)  # noqa: S311
    for more in steps(2):
        crashing.seen = Killer(crashing, more + 1, chance.random() * 0.01)
        with suppress(MigrateError):
            crashing.apply(wait=30)
        settle(crashing)
        agree(crashing)
    crashing.seen = Seen()
    finish(crashing)


def test_a_lost_connection_is_one_error(crashing: Target) -> None:
    """It says what became of the file, and what to do."""
    killer = Killer(crashing, 3, 0.0)
    crashing.seen = killer
    with pytest.raises(ReadyctlError) as caught:
        crashing.apply()
    assert (caught.value.code, "apply` again" in caught.value.hint) == ("E0433", True)
    settle(crashing)
