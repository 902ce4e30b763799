"""Shows how other tools behave where migrations go wrong, each cell seen, and writes the table."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from time import monotonic, sleep

import psycopg

from benchmarks import tools
from benchmarks.tools import Tool
from readyctl.local.environment import down, up
from readyctl.local.state import LocalState
from tests import databases
from tests.fakes.pooler import Pooler

DOCUMENT = Path(__file__).parent.parent / "docs" / "migrations-behaviour.md"
BEGIN, END = "<!-- table: begin -->", "<!-- table: end -->"
LIMIT_SECONDS = 10.0
_APPLY = "tests/migrate/test_apply.py"
_CRASHES = "tests/migrate/test_crashes.py"
# What readyctl does, and the test that shows it.
OURS = {
    "locked table": (
        "gives up, says who has it",
        f"{_APPLY}::test_whoever_holds_the_lock_is_named",
    ),
    "edited file": (
        "refused, with the difference",
        f"{_APPLY}::test_a_changed_file_is_refused_with_the_difference",
    ),
    "late file": (
        "refused unless allowed",
        f"{_APPLY}::test_a_late_file_is_refused_unless_allowed",
    ),
    "two at once": (
        "one waits or is refused, none runs twice",
        f"{_CRASHES}::test_of_two_commands_at_once_no_file_runs_twice",
    ),
    "kill -9": ("goes on", f"{_CRASHES}::test_a_killed_apply_goes_on"),
    "concurrent index, a rival waits": (
        "recognised, both end",
        f"{_APPLY}::test_a_rival_that_waits_does_not_hinder_an_index",
    ),
    "pooler": ("refused", f"{_APPLY}::test_a_pooler_is_refused"),
    "ledger of another tool": (
        "refused, offers to take it over",
        "tests/cli/test_migrate.py::test_another_tools_ledger_is_taken_over",
    ),
}


@dataclass
class Scene:
    """A tool before a database of its own."""

    tool: Tool
    folder: Path
    dsn: str = field(repr=False)

    def write(self, *texts: tuple[int, str]) -> None:
        """Write the files, in their order."""
        self.tool.write(self.folder, dict(texts))

    def start(self, dsn: str = "") -> subprocess.Popen[str]:
        """Start an apply."""
        return self.tool.start(self.folder, dsn or self.dsn)

    def apply(self, dsn: str = "") -> int | None:
        """Apply; return the exit code, None where it had not ended in time."""
        return ended(self.start(dsn), LIMIT_SECONDS)

    def has(self, relation: str) -> bool:
        """Whether there is a relation, and it is valid."""
        with psycopg.connect(self.dsn) as connection:
            found = connection.execute(
                "select coalesce(i.indisvalid, true) from pg_class c"
                " left join pg_index i on i.indexrelid = c.oid where c.relname = %s",
                [relation],
            ).fetchone()
        return bool(found and found[0])


def ended(process: subprocess.Popen[str], seconds: float) -> int | None:
    """Return a process's exit code; one that has not ended in time is killed, and has none."""
    try:
        process.communicate(timeout=seconds)
    except subprocess.TimeoutExpired:
        process.kill()
        process.communicate()
        return None
    return process.returncode


def locked(scene: Scene) -> str:
    """Another session has the table that a file changes."""
    scene.write((1, "create table t (x int);"))
    _must(scene.apply() == 0)
    scene.write((1, "create table t (x int);"), (2, "alter table t add y int;"))
    with psycopg.connect(scene.dsn) as holder:
        holder.execute("lock table t")
        code = scene.apply()
    return "waits without end" if code is None else "gives up"


def edited(scene: Scene) -> str:
    """A file changes after it was applied."""
    scene.write((1, "create table t (x int);"), (2, "create table u (x int);"))
    _must(scene.apply() == 0)
    scene.write((1, "create table t (x bigint);"), (2, "create table u (x int);"))
    return "not noticed" if scene.apply() == 0 else "refused"


def late(scene: Scene) -> str:
    """A file comes whose version is before one that was applied."""
    one, three = (1, "create table t1 ();"), (3, "create table t3 ();")
    scene.write(one, three)
    _must(scene.apply() == 0)
    scene.write(one, (2, "create table t2 ();"), three)
    code = scene.apply()
    if scene.has("t2"):
        return "applied without a word"
    return "skipped, and called a success" if code == 0 else "refused"


def at_once(scene: Scene) -> str:
    """Two applies start at the same moment."""
    scene.write((1, "select pg_sleep(2); create table t (x int);"))
    codes = [ended(process, 2 * LIMIT_SECONDS) for process in (scene.start(), scene.start())]
    if codes == [0, 0]:
        return "one waits"
    return "one fails" if 0 in codes and scene.has("t") else "both fail"


def killed(scene: Scene) -> str:
    """The tool is killed in the middle of a file; then it is started again."""
    slow = "create table t (x int); select pg_sleep(3);"
    scene.write((1, slow), (2, "create table u ();"))
    process = scene.start()
    _sleeping(scene)
    process.kill()
    process.communicate()
    with psycopg.connect(scene.dsn, autocommit=True) as connection:
        connection.execute(
            "select pg_terminate_backend(pid) from pg_stat_activity"
            " where datname = current_database() and pid <> pg_backend_pid()"
        )
    code = scene.apply()
    return "goes on" if code == 0 and scene.has("u") else "is stuck: every later run fails"


def concurrent_index(scene: Scene) -> str:
    """CREATE INDEX CONCURRENTLY in a file that says nothing of it, while a rival waits."""
    first = (1, "create table t (x int);")
    scene.write(first)
    _must(scene.apply() == 0)
    scene.write(first, (2, "create index concurrently t_x on t (x);"))
    codes = [ended(process, LIMIT_SECONDS) for process in (scene.start(), scene.start())]
    if scene.has("t_x"):
        return "both end" if codes == [0, 0] else "made, one fails"
    return "hangs" if None in codes else "fails"


def pooled(scene: Scene) -> str:
    """A pooler stands before the server."""
    scene.write((1, "create table t (x int);"))
    with Pooler(scene.dsn) as pooler:
        code = scene.apply(pooler.dsn)
    return "not noticed" if code == 0 else "refused"


def another_ledger(scene: Scene) -> str:
    """Flyway was here before."""
    with psycopg.connect(scene.dsn) as connection:
        connection.execute(
            "create table flyway_schema_history (installed_rank int, version text,"
            " success boolean); insert into flyway_schema_history values (1, '1', true)"
        )
    scene.write((1, "create table t (x int);"))
    return "not noticed, applies again" if scene.apply() == 0 else "refused"


SCENARIOS: dict[str, Callable[[Scene], str]] = {
    "locked table": locked,
    "edited file": edited,
    "late file": late,
    "two at once": at_once,
    "kill -9": killed,
    "concurrent index, a rival waits": concurrent_index,
    "pooler": pooled,
    "ledger of another tool": another_ledger,
}


def main() -> int:
    """Run every scenario with every tool, and write the table; return 1 where there is no tool."""
    found = tools.installed()
    if not found:
        sys.stderr.write("none of the other tools can be installed here\n")
        return 1
    with tempfile.TemporaryDirectory(prefix="readyctl-behaviour-") as folder:
        root = Path(folder)
        try:
            state = up(root / "environment", "empty", lambda _: None)
            cells = {
                (row, tool.name): _seen(state, root, tool, row)
                for tool in found
                for row in SCENARIOS
            }
        finally:
            down(root / "environment", lambda _: None)
    _write(_table(found, cells))
    return 0


def _seen(state: LocalState, root: Path, tool: Tool, row: str) -> str:
    # dbmate takes a comma for the end of a folder's name.
    folder = Path(tempfile.mkdtemp(prefix=tool.name, dir=root))
    with databases.database(state) as dsn:
        try:
            cell = SCENARIOS[row](Scene(tool, folder, dsn))
        except AssertionError:
            cell = "could not be shown"
    sys.stderr.write(f"{tool.name:<18} {row:<32} {cell}\n")
    return cell


def _sleeping(scene: Scene) -> None:
    until = monotonic() + LIMIT_SECONDS
    with psycopg.connect(scene.dsn, autocommit=True) as connection, suppress(psycopg.Error):
        while monotonic() < until:
            query = "select 1 from pg_stat_activity where wait_event = 'PgSleep'"
            if connection.execute(query).fetchone():
                return
            sleep(0.05)
    raise AssertionError("the tool did not begin")


def _must(held: bool) -> None:
    if not held:
        raise AssertionError("the tool does not apply what it should")


def _table(found: tuple[Tool, ...], cells: dict[tuple[str, str], str]) -> str:
    names = ["readyctl", *(tool.name for tool in found)]
    lines = [
        f"Seen on {datetime.now(UTC):%Y-%m-%d} with "
        + ", ".join(f"{tool.name} {tool.version}" for tool in found)
        + f"; a run that had not ended after {LIMIT_SECONDS:.0f} s was stopped.",
        "",
        f"| | {' | '.join(names)} |",
        f"|---|{'---|' * len(names)}",
    ]
    for row, (ours, _) in OURS.items():
        shown = [ours, *(cells[row, tool.name] for tool in found)]
        lines.append(f"| {row} | {' | '.join(shown)} |")
    lines += ["", "| Row | readyctl: the test | The others: the scenario |", "|---|---|---|"]
    lines += [
        f"| {row} | `{test}` | `benchmarks/behaviour.py`, `{SCENARIOS[row].__name__}` |"
        for row, (_, test) in OURS.items()
    ]
    return "\n".join(lines)


def _write(table: str) -> None:
    text = DOCUMENT.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    after = rest.partition(END)[2]
    DOCUMENT.write_text(f"{before}{BEGIN}\n{table}\n{END}{after}", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
