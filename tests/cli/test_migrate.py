"""`readyctl migrate` as an operator meets it: what it says, its exit codes, and what goes wrong."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import psycopg
import pytest
from psycopg.conninfo import make_conninfo

from readyctl.local.state import LocalState
from tests import databases
from tests.cli.conftest import Project, Ran

pytestmark = pytest.mark.environment

CONFIG = """readyctl: 1
system: clinic
migrations: migrations
environments:
  production:
    account: "123456789012"
    region: us-east-1
    database: {owner_dsn: env:OWNER_DSN}
"""
_PASSWORD = "hunter2-of-the-deploy-role"


@dataclass
class Site:
    """A project with migrations, and its database."""

    project: Project
    dsn: str = field(repr=False)

    def write(self, name: str, text: str | bytes) -> None:
        """Write a migration."""
        path = self.project.root / "migrations" / name
        path.parent.mkdir(exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode())

    def run(self, *arguments: str) -> Ran:
        """Run `readyctl migrate`."""
        return self.project.run("migrate", *arguments)

    def apply(self, *arguments: str) -> Ran:
        """Apply without being asked."""
        return self.run("apply", "--yes", *arguments)

    def states(self) -> dict[str, str]:
        """What status says for programs."""
        data = json.loads(self.run("status", "--output", "json").out)["data"]
        return {row["file"]: row["state"] for row in data["migrations"]}

    def sql(self, statement: str) -> list[tuple[object, ...]]:
        """Run a statement as the superuser."""
        with psycopg.connect(self.dsn, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def exists(self, relation: str) -> bool:
        """Whether there is a relation."""
        return self.sql(f"select to_regclass('{relation}')")[0][0] is not None


@pytest.fixture
def site(
    project: Project, local_empty: LocalState, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Site]:
    """Two migrations, and an empty database."""
    project.write("config.yaml", CONFIG)
    with databases.database(local_empty) as dsn:
        monkeypatch.setenv("OWNER_DSN", dsn)
        made = Site(project, dsn)
        made.write("0001_rooms.sql", "create table rooms (id int);\n")
        made.write("0002_beds.sql", "create table beds (id int);\ncreate index on beds (id);\n")
        yield made


@pytest.fixture
def login(site: Site, monkeypatch: pytest.MonkeyPatch) -> Iterator[str]:
    """The command connects as a role that owns nothing; returns its name."""
    name = f"deploy_{os.getpid()}"
    site.sql(f"create role {name} login password '{_PASSWORD}'")
    monkeypatch.setenv("OWNER_DSN", databases.as_login(site.dsn, name, _PASSWORD))
    yield name
    site.sql(f"drop owned by {name}; drop role {name}")


def code(ran: Ran) -> str:
    """The code of an error."""
    return ran.err.partition("error[")[2].partition("]")[0]


# What it says when all is well.


def test_status_lists_what_is_pending(site: Site) -> None:
    """Each file, and the count."""
    ran = site.run("status")
    assert ran.code == 0
    assert ran.out.splitlines()[-1] == "2 pending"


def test_status_can_answer_with_its_exit_code(site: Site) -> None:
    """1 while something is to be applied, 0 once all is."""
    before = site.run("status", "--exit-code").code
    site.apply()
    assert (before, site.run("status", "--exit-code").code) == (1, 0)


def test_plan_shows_the_statements_and_changes_nothing(site: Site) -> None:
    """With the line that each is in."""
    ran = site.run("plan")
    assert "1  create table rooms (id int)" in ran.out
    assert not site.exists("readyctl.migrations")


def test_plan_for_programs_has_every_statement(site: Site) -> None:
    """As JSON, with its kind and version."""
    data = json.loads(site.run("plan", "--output", "json").out)["data"]
    assert [len(row["statements"]) for row in data["migrations"]] == [1, 2]


def test_apply_says_what_it_did(site: Site) -> None:
    """The count is the result, the files are progress."""
    ran = site.apply()
    assert (ran.code, ran.out) == (0, "applied 2 migrations\n")
    assert "ok  0002_beds.sql" in ran.err
    assert site.exists("beds")


def test_a_second_apply_does_nothing(site: Site) -> None:
    """And says so."""
    site.apply()
    ran = site.apply()
    assert (ran.code, ran.out) == (0, "Nothing is pending.\n")


def test_a_dry_run_changes_nothing(site: Site) -> None:
    """It asks nothing, too."""
    ran = site.run("apply", "--dry-run")
    assert (ran.code, "0001_rooms.sql" in ran.out) == (0, True)
    assert not site.exists("readyctl.migrations")


def test_apply_can_end_at_a_version(site: Site) -> None:
    """What comes after it stays pending."""
    site.apply("--to", "0001")
    assert site.states() == {"0001_rooms.sql": "applied", "0002_beds.sql": "pending"}


def test_a_late_file_needs_leave(site: Site) -> None:
    """It is refused, and applied with the option."""
    site.apply()
    site.write("0000_doors.sql", "create table doors ();")
    assert (code(site.apply()), site.apply("--allow-out-of-order").code) == ("E0426", 0)


def test_declined_means_untouched(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    """Exit code 3, and no ledger."""
    answer = io.StringIO("no\n")
    monkeypatch.setattr(answer, "isatty", lambda: True)
    monkeypatch.setattr(sys, "stdin", answer)
    ran = site.run("apply")
    assert (ran.code, site.exists("readyctl.migrations")) == (3, False)
    assert "Nothing was written." in ran.err


def test_nobody_to_ask_means_the_option_is_missing(site: Site) -> None:
    """A script says --yes."""
    ran = site.run("apply", "--no-input")
    assert (ran.code, code(ran)) == (2, "E0101")


@pytest.mark.parametrize("command", [("status",), ("plan",), ("apply", "--dry-run")])
def test_output_fits_eighty_columns(site: Site, command: tuple[str, ...]) -> None:
    """However long a statement is."""
    site.write("0003_long.sql", f"create table {'x' * 50} (a int, {'b' * 50} int);")
    lines = site.run(*command).out.splitlines()
    assert [line for line in lines if len(line) > 80 and "migrations" not in line] == []


def test_baseline_marks_and_runs_nothing(site: Site) -> None:
    """Up to the version, that included."""
    ran = site.run("baseline", "0001", "--yes")
    assert (ran.code, ran.out) == (0, "marked 1 migration\n")
    assert site.states() == {"0001_rooms.sql": "baseline", "0002_beds.sql": "pending"}
    assert not site.exists("rooms")


def test_new_makes_a_file(site: Site) -> None:
    """Named after the second; its path is the result."""
    ran = site.run("new", "add_doors")
    assert ran.code == 0
    assert ran.out.strip().endswith("_add_doors.sql")


# What goes wrong: one error each, and nothing is lost.


def _text(name: str, text: str | bytes) -> Callable[[Site], Ran]:
    def run(site: Site) -> Ran:
        site.write(name, text)
        return site.apply()

    return run


def _changed(site: Site) -> Ran:
    site.apply()
    site.write("0001_rooms.sql", "create table rooms (id bigint);\n")
    return site.apply()


def _dsn(**changes: str | int) -> Callable[[Site], Ran]:
    def run(site: Site) -> Ran:
        os.environ["OWNER_DSN"] = make_conninfo(site.dsn, connect_timeout=2, **changes)
        return site.apply()

    return run


def _with(dsn: str, site: Site) -> Ran:
    os.environ["OWNER_DSN"] = dsn
    return site.apply()


def _empty_folder(site: Site) -> Ran:
    for path in (site.project.root / "migrations").iterdir():
        path.unlink()
    return site.run("status")


def _other_shape(site: Site) -> Ran:
    site.sql("create schema readyctl; create table readyctl.migrations (x int)")
    return site.apply()


def _read_only(site: Site) -> Ran:
    ((name,),) = site.sql("select current_database()")
    site.sql(f'alter database "{name}" set default_transaction_read_only = on')
    return site.apply()


def _no_variable(site: Site) -> Ran:
    del os.environ["OWNER_DSN"]
    return site.run("status")


BAD: dict[str, tuple[str, int, str, Callable[[Site], Ran]]] = {
    "undecodable": ("E0405", 2, "0003_x.sql:2:3", _text("0003_x.sql", b"--\n--\xff")),
    "half of UTF-16": ("E0405", 2, "0003_x.sql:1:5", _text("0003_x.sql", b"\xff\xfes\0e")),
    "NUL": ("E0405", 2, "0003_x.sql:1:10", _text("0003_x.sql", b"select 1;\0")),
    "syntax": (
        "E0401",
        2,
        "0003_x.sql:2:17",
        _text("0003_x.sql", "select 1;\n create table x y;"),
    ),
    "password in a syntax error": (
        "E0401",
        2,
        "'...'",
        _text("0003_x.sql", "create role x pasword 'hunter2';"),
    ),
    "needs psql": ("E0402", 2, "0003_x.sql:1", _text("0003_x.sql", "\\i y.sql\n")),
    "two of a version": ("E0404", 2, "2_x.sql", _text("2_x.sql", "select 1;")),
    "empty folder": ("E0403", 2, "--dir", _empty_folder),
    "changed": ("E0425", 2, "+create table rooms (id bigint);", _changed),
    "fails": ("E0431", 2, "0003_x.sql:1:15", _text("0003_x.sql", "select * from nowhere;")),
    "password in a failing statement": (
        "E0431",
        2,
        "'...'",
        _text("0003_x.sql", "alter role nobody_here password 'hunter2';"),
    ),
    "unknown header": ("E0437", 2, "0003_x.sql:1", _text("0003_x.sql", "-- readyctl: fast=1\n;")),
    "rolls back": ("E0421", 2, "0003_x.sql:1:1", _text("0003_x.sql", "rollback;")),
    "unknown version": ("E0424", 2, "migrate status", lambda site: site.apply("--to", "9")),
    "ledger of another shape": ("E0423", 2, "database.ledger", _other_shape),
    "read only": ("E0430", 2, "writer", _read_only),
    "unreachable": ("E0305", 2, "owner_dsn", _dsn(port=1)),
    "wrong password": ("E0302", 4, "owner_dsn", _dsn(password="hunter2")),
    "no such database": ("E0305", 2, "no such database", _dsn(dbname="nowhere")),
    "malformed string": (
        "E0308",
        2,
        "owner_dsn",
        lambda site: _with("hunter2 x=y", site),
    ),
    "no connection": ("E0434", 2, "owner_dsn", _no_variable),
    "bad name": ("E0436", 2, "add_rooms", lambda site: site.run("new", "Add Rooms")),
    "nothing to mark": (
        "E0435",
        2,
        "migrate status",
        lambda site: (site.apply(), site.run("baseline", "0001", "--yes"))[1],
    ),
}


@pytest.mark.parametrize("name", BAD)
def test_bad_input_is_one_clear_error(site: Site, name: str) -> None:
    """Its code, its exit code, the place or the way out; no traceback, and no password."""
    expected, exit_code, advice, run = BAD[name]
    ran = run(site)
    assert (code(ran), ran.code) == (expected, exit_code), ran.err
    assert advice in ran.err
    assert ("Traceback" in ran.err, "hunter2" in ran.err, _password(site) in ran.err) == (
        False,
        False,
        False,
    )
    assert ran.err.count("error[") == 1


def _password(site: Site) -> str:
    return str(psycopg.conninfo.conninfo_to_dict(site.dsn)["password"])


@pytest.mark.parametrize("text", [b"--\xff", b"create table x y;", b"\\i y.sql\n", b"rollback;"])
def test_no_file_is_applied_where_one_cannot_be_read(site: Site, text: bytes) -> None:
    """The whole folder is read before anything is done."""
    site.write("0003_x.sql", text)
    site.apply()
    assert not site.exists("rooms")


def test_who_may_not_make_the_ledger_is_told(site: Site, login: str) -> None:
    """Exit code 4: a permission is missing."""
    ran = site.apply()
    assert (code(ran), ran.code) == ("E0422", 4)


def test_who_may_not_read_the_ledger_is_told(site: Site, login: str) -> None:
    """It is not taken for an empty one."""
    site.sql("create schema readyctl; create table readyctl.migrations (version text)")
    ran = site.run("status")
    assert (code(ran), ran.code) == ("E0423", 4)


def test_who_does_not_own_a_table_is_told(site: Site, login: str) -> None:
    """With the file, and who could."""
    site.apply()
    name = psycopg.conninfo.conninfo_to_dict(site.dsn)["dbname"]
    site.sql(f'create table theirs (); grant create on database "{name}" to {login}')
    site.write("0001_rooms.sql", "select 1;")
    site.write("0002_beds.sql", "alter table theirs add x int;")
    ran = site.apply()
    assert (code(ran), "0002_beds.sql:1" in ran.err) == ("E0431", True)
    assert "connect as the owner" in ran.err


def test_a_connection_that_is_lost_is_one_error(site: Site) -> None:
    """It says how to go on, and an apply does."""
    site.write("0003_x.sql", "select pg_terminate_backend(pg_backend_pid());")
    ran = site.apply()
    assert (code(ran), ran.code) == ("E0433", 2)
    site.write("0003_x.sql", "select 1;")
    assert site.apply().out == "applied 1 migration\n"


def test_an_interrupted_apply_leaves_nothing_behind(site: Site) -> None:
    """Ctrl-C ends the statement on the server, and gives the lock back; exit code 130."""
    site.write("0003_x.sql", "create table x (); select pg_sleep(600);")
    # Where the tests run in the background, Ctrl-C is ignored by whatever they start.
    heard = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)"
    run = "import runpy; runpy.run_module('readyctl', run_name='__main__', alter_sys=True)"
    with subprocess.Popen(
        [sys.executable, "-c", f"{heard}; {run}", "migrate", "apply", "--yes"],
        stderr=subprocess.PIPE,
        stdout=subprocess.DEVNULL,
        stdin=subprocess.DEVNULL,
        text=True,
    ) as process:
        _wait(lambda: bool(site.sql(_SLEEPS)))
        process.send_signal(signal.SIGINT)
        try:
            said = process.communicate(timeout=30)[1]
        finally:
            process.kill()
    assert (process.returncode, "Traceback" in said) == (130, False)
    _wait(lambda: not site.sql(_LOCKS))
    assert (site.sql(_SLEEPS), site.exists("x")) == ([], False)


_SLEEPS = (
    "select 1 from pg_stat_activity where wait_event = 'PgSleep' and datname = current_database()"
)
_LOCKS = (
    "select 1 from pg_locks where locktype = 'advisory'"
    " and database = (select oid from pg_database where datname = current_database())"
)


def _wait(condition: Callable[[], bool]) -> None:
    for _ in range(600):
        if condition():
            return
        threading.Event().wait(0.05)
    raise AssertionError("it did not happen")


OTHERS = {
    "supabase": "create schema supabase_migrations; create table"
    " supabase_migrations.schema_migrations (version text, statements text[], name text);"
    " insert into supabase_migrations.schema_migrations values ('0001')",
    "dbmate": "create table schema_migrations (version varchar);"
    " insert into schema_migrations values ('0001')",
    "flyway": "create table flyway_schema_history (installed_rank int, version text,"
    " success boolean); insert into flyway_schema_history values (1, '1', true),"
    " (2, '2', false), (3, null, true)",
    "prisma": "create table _prisma_migrations (migration_name text, finished_at timestamptz,"
    " rolled_back_at timestamptz); insert into _prisma_migrations values"
    " ('0001_rooms', now(), null), ('0002_beds', null, null)",
    "node-pg-migrate": "create table pgmigrations (id int, name text);"
    " insert into pgmigrations values (1, '0001_rooms')",
    "yoyo": "create table _yoyo_migration (migration_hash text, migration_id text);"
    " insert into _yoyo_migration values ('x', '0001_rooms')",
}
SILENT = {
    "alembic": "create table alembic_version (version_num text)",
    "graphile": "create schema graphile_migrate;"
    " create table graphile_migrate.migrations (hash text)",
    "sqitch": "create schema sqitch; create table sqitch.changes (change_id text)",
}


@pytest.mark.parametrize("tool", OTHERS)
def test_another_tools_ledger_is_taken_over(site: Site, tool: str) -> None:
    """It is refused to apply everything again; what it has is marked, and the rest applied."""
    site.sql(OTHERS[tool])
    refused = site.apply()
    assert (code(refused), "baseline --from-ledger" in refused.err) == ("E0427", True)
    assert site.run("baseline", "--from-ledger", "--yes").out == "marked 1 migration\n"
    site.apply()
    assert site.states() == {"0001_rooms.sql": "baseline", "0002_beds.sql": "applied"}


@pytest.mark.parametrize("tool", SILENT)
def test_a_ledger_that_names_no_file_says_so(site: Site, tool: str) -> None:
    """Then the version is for people to name."""
    site.sql(SILENT[tool])
    refused, taken = site.apply(), site.run("baseline", "--from-ledger", "--yes")
    assert (code(refused), code(taken)) == ("E0427", "E0438")
    assert "baseline VERSION" in refused.err
    assert "baseline VERSION" in taken.err


def test_versions_with_dots_are_whole(site: Site) -> None:
    """1.1 is not applied because 1 was."""
    for path in (site.project.root / "migrations").iterdir():
        path.unlink()
    site.write("V1__a.sql", "select 1;")
    site.write("V1.1__b.sql", "select 1;")
    site.sql(OTHERS["flyway"])
    site.run("baseline", "--from-ledger", "--yes")
    assert site.states() == {"V1__a.sql": "baseline", "V1.1__b.sql": "pending"}
