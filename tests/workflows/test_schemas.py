"""Tests of where an audit has the expected schema from."""

from __future__ import annotations

from pathlib import Path

import pytest

from readyctl.config.environment import Environment, Settings
from readyctl.migrate.parity import snapshot
from readyctl.migrate.source import read_folder
from readyctl.model.schema import Schema, SchemaObject
from readyctl.workflows.schemas import schemas_of

pytestmark = pytest.mark.environment

MADE = SchemaObject("table", "public.made")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """A folder with one migration, and no database."""
    folder = tmp_path / "migrations"
    folder.mkdir()
    (folder / "1_a.sql").write_text("create table t (x int);")
    place = tmp_path / "nowhere"
    return Settings(
        system="telehealth",
        root=tmp_path,
        environment=Environment("production", "aws", "123456789012", "us-east-1"),
        manifest=place,
        migrations=folder,
        snapshot=tmp_path / "schema.json",
        source=(),
        attestations=place,
        waivers=place,
        test_runs=place,
        documents=place,
    )


def record(settings: Settings) -> None:
    """Write a snapshot of something that no file makes."""
    schema = Schema(180000, "telehealth", {MADE.key: MADE})
    files = read_folder(settings.migrations).migrations
    settings.snapshot.write_text(snapshot.dump(schema, files))


def test_a_snapshot_of_these_files_is_used(settings: Settings) -> None:
    """No server is started."""
    record(settings)
    found = schemas_of(settings).expected()
    assert (found.source, list(found.schema.objects)) == ("the snapshot schema.json", [MADE.key])


def test_comments_make_no_snapshot_stale(settings: Settings) -> None:
    """Only what is executed counts."""
    record(settings)
    (settings.migrations / "1_a.sql").write_text("-- Why.\ncreate table t (x int);")
    assert list(schemas_of(settings).expected().schema.objects) == [MADE.key]


def test_a_file_more_makes_it_stale(settings: Settings) -> None:
    """A snapshot of some of the files is none of all of them."""
    record(settings)
    (settings.migrations / "2_b.sql").write_text("create table u (x int);")
    assert "table public.u" in schemas_of(settings).expected().schema.objects


def test_a_stale_snapshot_is_not_used(settings: Settings) -> None:
    """The files are applied to an empty database instead."""
    record(settings)
    (settings.migrations / "1_a.sql").write_text("create table t (x bigint);")
    found = schemas_of(settings).expected()
    assert found.source == "1 file, applied to an empty database"
    assert "table public.t" in found.schema.objects


def test_what_was_built_is_kept(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A second audit of the same files starts no server."""
    first = schemas_of(settings).expected()
    monkeypatch.setenv("READYCTL_PG_BIN", str(settings.root))
    assert schemas_of(settings).expected().schema.objects.keys() == first.schema.objects.keys()


def test_a_changed_file_is_built_again(settings: Settings) -> None:
    """What is kept is of exactly these files."""
    schemas_of(settings).expected()
    (settings.migrations / "1_a.sql").write_text("create table u (x int);")
    assert "table public.u" in schemas_of(settings).expected().schema.objects
