"""`readyctl migrate trial`, on a scratch database of the local server."""

from __future__ import annotations

import json
from pathlib import Path

import psycopg
import pytest

from readyctl.__main__ import main
from readyctl.local import state as records
from readyctl.local.state import LocalState

pytestmark = pytest.mark.environment

INCOMPLETE = Path(__file__).resolve().parent.parent / "fixtures" / "incomplete"


@pytest.fixture
def here(local_empty: LocalState, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the local environment is up."""
    records.directory(tmp_path).mkdir(parents=True)
    records.save(tmp_path, local_empty)
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.usefixtures("here")
def test_root_causes_are_shown(capsys: pytest.CaptureFixture[str]) -> None:
    """That which holds back most files comes first; the answer is no."""
    assert main(["migrate", "trial", "--dir", str(INCOMPLETE)]) == 1
    out = capsys.readouterr().out
    assert out.startswith("table orders is made by no file: 3 files need it, 3 more follow\n")
    assert "4 of 12 migrations apply" in out


@pytest.mark.usefixtures("here")
def test_programs_get_every_place(capsys: pytest.CaptureFixture[str]) -> None:
    """Each file is applied, or in a cause."""
    main(["migrate", "trial", "--dir", str(INCOMPLETE), "--output", "json"])
    data = json.loads(capsys.readouterr().out)["data"]
    held = {n["file"] for c in data["causes"] for n in c["needs"]}
    held |= {file for c in data["causes"] for file in c["follows"]}
    assert held == set(data["failed"])


def test_nothing_is_left(here: Path, local_empty: LocalState) -> None:
    """Files that apply are a yes, and the scratch database is dropped."""
    (here / "m").mkdir()
    (here / "m" / "1_a.sql").write_text("create table a (x int);")
    assert main(["migrate", "trial", "--dir", "m"]) == 0
    with psycopg.connect(local_empty.dsn(local_empty.superuser)) as connection:
        left = connection.execute("select datname from pg_database where datname like 'trial%'")
        assert left.fetchall() == []
