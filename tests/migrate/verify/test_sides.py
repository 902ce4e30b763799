"""What a live database is held against: files, a snapshot, another server, a restored dump."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import psycopg
import pytest
from psycopg.conninfo import conninfo_to_dict, make_conninfo

from readyctl.clients.database import DatabaseSession
from readyctl.errors import MigrateError
from readyctl.local import binaries
from readyctl.local.network import listens
from readyctl.local.shadow import shadow
from readyctl.local.state import LocalState
from readyctl.migrate.catalog import read
from readyctl.migrate.parity import snapshot
from readyctl.migrate.parity.diff import Scope, compare
from readyctl.migrate.parity.ignore import without
from readyctl.migrate.source import read_folder
from readyctl.model.schema import Schema
from readyctl.resources import bundled
from readyctl.workflows.sides import Asked
from readyctl.workflows.verify import record, verify
from tests import databases
from tests.migrate.conftest import Target
from tests.migrate.verify.conftest import BASE, ROLES, Base, named, schema_within, whole
from tests.migrate.verify.mutations import HARMLESS, MUTATIONS, Mutation

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("postgres-15")]

_FIFTEEN = Path("/usr/lib/postgresql/15/bin")


def _quiet(_: str) -> None:
    """Say nothing."""


@pytest.fixture(scope="module")
def fifteen() -> Iterator[Base]:
    """The base schema on PostgreSQL 15."""
    if not (_FIFTEEN / "postgres").exists():
        pytest.skip("PostgreSQL 15 is not installed here (Debian's package postgresql-15)")
    with ExitStack() as stack:
        with pytest.MonkeyPatch.context() as patch:
            patch.setenv("READYCTL_PG_BIN", str(_FIFTEEN))
            dsn = stack.enter_context(shadow(_quiet))
        with psycopg.connect(dsn, autocommit=True) as connection:
            connection.execute("; ".join(f"create role {r}" for r in ROLES).encode())
            connection.execute(BASE.read_bytes())
        yield Base(dsn)


def _applied(target: Target) -> Asked:
    target.write(
        a1_start="create role rv_made; create table notes (id integer primary key, body text);"
        "alter table notes enable row level security;"
        "create policy own on notes to rv_made using (body <> '');"
        "grant select on notes to rv_made;"
        "create view bodies with (security_invoker = true) as select body from notes;",
        a2_more="create function f() returns integer language sql as 'select 1';"
        "alter default privileges grant select on tables to rv_made;",
    )
    target.apply()
    return Asked(target.dsn, source=read_folder(target.folder))


@pytest.fixture
def asked(target: Target) -> Iterator[Asked]:
    """A database to which two files were applied."""
    try:
        yield _applied(target)
    finally:
        target.run("drop owned by rv_made; drop role rv_made")


def test_the_same_schema_on_the_oldest_server_does_not_differ(
    fifteen: Base, expected: Schema
) -> None:
    """The newest server and PostgreSQL 15 write the same schema differently; it is the same."""
    with fifteen.changed("select 1") as connection:
        assert compare(expected, schema_within(connection), Scope()).differences == ()


@pytest.mark.parametrize("mutation", MUTATIONS[::5], ids=lambda m: m.sql[:70])
def test_a_change_on_the_oldest_server_is_named(
    fifteen: Base, expected: Schema, mutation: Mutation
) -> None:
    """A live PostgreSQL 15 is held against an expectation of the newest."""
    with fifteen.changed(mutation.sql) as connection:
        found = compare(expected, schema_within(connection), Scope())
    assert named(found) == {fifteen.written(name) for name in mutation.named}


@pytest.mark.parametrize("statements", HARMLESS[::3], ids=lambda s: s[:70])
def test_a_rewrite_on_the_oldest_server_is_no_difference(
    fifteen: Base, expected: Schema, statements: str
) -> None:
    """What changes nothing is no difference across versions either."""
    with fifteen.changed(statements) as connection:
        assert compare(expected, schema_within(connection), Scope()).differences == ()


def test_a_restored_dump_does_not_differ(
    local_empty: LocalState, base: Base, expected: Schema
) -> None:
    """After dump and restore only the extension's version differs, which a dump does not hold."""
    programs = binaries.find()
    given = conninfo_to_dict(base.dsn)
    password = str(given.pop("password"))
    dump = subprocess.run(
        [str(programs / "pg_dump"), "--inserts", "-d", make_conninfo("", **given)],
        env={**os.environ, "PGPASSWORD": password},
        capture_output=True,
        check=True,
    ).stdout
    # pg_dump's own commands for psql are not SQL.
    text = b"\n".join(line for line in dump.splitlines() if not line.startswith(b"\\"))
    with databases.database(local_empty) as dsn, psycopg.connect(dsn) as connection:
        connection.execute(text)
        found = compare(expected, schema_within(connection), Scope())
        connection.rollback()
    assert named(found) == {"extension hstore"}


def test_applied_files_verify_clean(asked: Asked) -> None:
    """A database to which the files were applied is what they say."""
    assert verify(asked, _quiet).clean


def test_a_change_behind_the_files_is_found(asked: Asked, target: Target) -> None:
    """What somebody did by hand is a difference from what the files make."""
    target.run("alter policy own on notes using (true); grant delete on notes to rv_made")
    found = {f"{d.kind} {d.object}" for d in verify(asked, _quiet).differences}
    assert found == {"policy own on public.notes", "table public.notes"}


def test_the_bundled_migrations_verify_clean(target: Target) -> None:
    """The bundled migrations make what they say, and what is not compared is listed."""
    target.folder = bundled("backend", "migrations")
    target.apply()
    try:
        found = verify(Asked(target.dsn, source=read_folder(target.folder)), _quiet)
        assert found.differences == ()
        assert found.compared > 1000
        assert any(entry.what == "table readyctl.migrations" for entry in found.ignored)
    finally:
        # Another test's database on the same server may have given it something, too.
        target.run(
            "drop owned by readyctl_app; do $$ begin drop role readyctl_app;"
            " exception when dependent_objects_still_exist then null; end $$"
        )


def test_a_temporary_database_on_the_server_serves_too(target: Target) -> None:
    """Files that touch nothing shared are applied beside the live database, and leave nothing."""
    target.write(a1_only="create table notes (id integer)")
    target.apply()
    there = Asked(target.dsn, source=read_folder(target.folder), shadow="server")
    assert verify(there, _quiet).clean
    left = "select datname from pg_database where datname like 'readyctl_shadow%'"
    assert target.rows(left) == []


def test_files_that_change_roles_are_not_applied_beside_the_live_database(asked: Asked) -> None:
    """A role belongs to every database of the server: the files are refused before one runs."""
    there = Asked(asked.live, source=asked.source, shadow="server")
    with pytest.raises(MigrateError) as caught:
        verify(there, _quiet)
    assert caught.value.code == "E0464"


def test_a_snapshot_stands_for_the_files(asked: Asked, target: Target, tmp_path: Path) -> None:
    """A recorded schema sees what the files would, without applying them."""
    path = tmp_path / "schema.json"
    record(asked, path, _quiet)
    kept = Asked(asked.live, snapshot=path, source=asked.source)
    assert verify(kept, _quiet).clean
    target.run("create or replace function f() returns integer language sql as 'select 2'")
    (found,) = verify(kept, _quiet).differences
    assert (found.object, found.attribute) == ("public.f()", "body")


def test_a_stale_snapshot_is_refused(asked: Asked, target: Target, tmp_path: Path) -> None:
    """A snapshot that was made before a file was written says nothing about the schema."""
    path = tmp_path / "schema.json"
    record(asked, path, _quiet)
    target.write(a3_new="select 1")
    source = read_folder(target.folder)
    with pytest.raises(MigrateError, match="stale") as caught:
        verify(Asked(asked.live, snapshot=path, source=source), _quiet)
    assert "3_new.sql" in caught.value.cause


def test_a_snapshot_of_a_database_is_read_back_as_it_was(
    base: Base, expected: Schema, tmp_path: Path
) -> None:
    """Every object, its parts and its attributes are the same after writing and reading."""
    path = tmp_path / "schema.json"
    path.write_text(snapshot.dump(expected), encoding="utf-8")
    loaded = snapshot.load(path).schema
    assert {k: o.parents for k, o in loaded.objects.items()} == {
        k: o.parents for k, o in expected.objects.items()
    }
    assert whole(loaded, expected).differences == ()


def test_a_snapshot_holds_no_password(base: Base, tmp_path: Path) -> None:
    """Neither options of user mappings nor settings that look like secrets are recorded."""
    with base.changed("alter database {database} set app.secret_key = 'hunter2'") as connection:
        text = snapshot.dump(schema_within(connection))
    assert "hunter2" not in text
    assert "hidden" not in text
    assert '"foreign option password":"(not recorded)"' in text
    assert '"value":"(not recorded)"' in text


def test_a_role_that_may_nothing_reads_the_same(base: Base, expected: Schema) -> None:
    """The catalog can be read without any privilege; what is hidden is said to be."""
    with base.changed("set role rv_reader") as connection:
        found = schema_within(connection)
    differing = {(d.kind, d.object) for d in whole(expected, found).differences}
    assert differing <= {("user mapping", "rv_reader on far")}
    assert differing == set() or found.unchecked


def test_the_catalog_is_read_in_one_message(base: Base, monkeypatch: pytest.MonkeyPatch) -> None:
    """Preamble, every query and the end are one string that is sent once."""
    sent: list[object] = []
    execute = psycopg.Connection.execute

    def counted(connection: Any, query: Any, *rest: Any, **more: Any) -> Any:
        sent.append(query)
        return execute(connection, query, *rest, **more)

    monkeypatch.setattr(psycopg.Connection, "execute", counted)
    session = DatabaseSession(base.dsn)
    try:
        read.read_schema(session)
    finally:
        session.close()
    assert len(sent) == 1


def test_what_is_ignored_is_listed(expected: Schema) -> None:
    """A pattern leaves out what it names with all that is on it, and one line says so."""
    kept = without(expected, ["table app.people"])
    assert not [key for key in kept.objects if key.startswith("column app.people.")]
    assert [e.reason for e in kept.ignored if e.what == "table app.people"] == [
        "--ignore table app.people"
    ]


def test_a_large_object_is_said_not_to_be_compared(base: Base, expected: Schema) -> None:
    """A kind that no object stands for is never silent."""
    with base.changed("select lo_create(0)") as connection:
        found = whole(expected, schema_within(connection))
    assert [entry.what for entry in found.passed] == ["1 large objects"]


class Enough(Exception):
    """Somebody pressed Ctrl-C."""


def _given_up(ports: list[int]) -> None:
    with shadow(_quiet) as dsn:
        ports.append(int(conninfo_to_dict(dsn)["port"] or 0))
        raise Enough


def test_nothing_is_left_of_a_shadow_that_is_given_up() -> None:
    """Its server is gone, too, when somebody does not wait for the end."""
    ports: list[int] = []
    with pytest.raises(Enough):
        _given_up(ports)
    assert not listens(ports[0])
