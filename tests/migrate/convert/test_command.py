"""`readyctl migrate convert`, from the command line to the files."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from readyctl.__main__ import main
from tests.migrate.convert.conftest import Project


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of the command."""
    code = main(["migrate", "convert", *arguments])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


def test_the_source_stays_and_the_output_is_written(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """With a prelude and a report in JSON."""
    project.write("create table t (id uuid references auth.users);")
    before = project.text_of_source()
    out, report = project.out / "new", project.out / "report.json"
    code, _, _ = run(capsys, str(project.source), "--out", str(out), "--report", str(report))
    assert code == 0
    assert project.text_of_source() == before
    assert sorted(path.name for path in out.iterdir()) == [
        "00000000000000_prelude.sql",
        "20240101000001_x.sql",
    ]
    assert "auth.users" in json.loads(report.read_text())["provided"]


def test_nothing_is_written_where_a_file_is_refused(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Unless --keep-going is given; the exit code says no either way."""
    project.write("select 1;", "selec 1;")
    code, shown, _ = run(capsys, str(project.source), "--out", str(project.out))
    assert (code, list(project.out.iterdir())) == (1, [])
    assert "20240101000002_x.sql:1:1" in shown
    code, _, _ = run(capsys, str(project.source), "--out", str(project.out), "--keep-going")
    assert (code, len(list(project.out.iterdir()))) == (1, 1)


def test_files_that_differ_are_not_replaced(
    project: Project, capsys: pytest.CaptureFixture[str]
) -> None:
    """Without --force."""
    project.write("select 1;")
    (project.out / "20240101000001_x.sql").write_text("select 2;")
    code, _, error = run(capsys, str(project.source), "--out", str(project.out))
    assert code == 2
    assert "E0442" in error
    assert run(capsys, str(project.source), "--out", str(project.out), "--force")[0] == 0
    assert (project.out / "20240101000001_x.sql").read_text() == "select 1;"


def test_the_source_is_no_output(project: Project, capsys: pytest.CaptureFixture[str]) -> None:
    """It would be lost."""
    project.write("select 1;")
    code, _, error = run(capsys, str(project.source), "--out", str(project.source))
    assert code == 2
    assert "E0440" in error


def test_check_says_whether_a_folder_is_converted(
    project: Project, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    """No for Supabase's, yes for its conversion."""
    project.write("set role postgres;")
    assert run(capsys, str(project.source), "--check")[0] == 1
    run(capsys, str(project.source), "--out", str(tmp_path / "new"))
    assert run(capsys, str(tmp_path / "new"), "--check")[0] == 0


@pytest.mark.parametrize("report", ["md", "json"])
def test_what_no_file_makes_is_told(
    project: Project, capsys: pytest.CaptureFixture[str], report: str
) -> None:
    """A table that somebody made by hand, the files that need it, and those that follow."""
    project.write("create table notes (order_id uuid references orders);", "select id from notes;")
    path = project.out / f"report.{report}"
    _, shown, _ = run(
        capsys, str(project.source), "--out", str(project.out / "new"), "--report", str(path)
    )
    assert "table orders is made by no file: 1 file needs it, 1 more follows" in shown
    assert "orders" in path.read_text()
