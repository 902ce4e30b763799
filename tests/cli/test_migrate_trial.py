"""`readyctl migrate trial`, on a server that is thrown away."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pytest

from readyctl.__main__ import main

pytestmark = pytest.mark.environment

INCOMPLETE = Path(__file__).resolve().parent.parent / "fixtures" / "incomplete"


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which nothing is configured, and all temporary files are."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
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


def test_nothing_is_left(here: Path) -> None:
    """Files that apply are a yes, and what the server was made of is gone."""
    (here / "m").mkdir()
    (here / "m" / "1_a.sql").write_text("create table a (x int);")
    assert main(["migrate", "trial", "--dir", "m"]) == 0
    assert [path.name for path in here.iterdir()] == ["m"]
