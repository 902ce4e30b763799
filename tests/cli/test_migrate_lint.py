"""`readyctl migrate lint`: exit codes, selection, and the formats that it writes."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from readyctl.migrate.lint.registry import TEXTS
from readyctl.resources import bundled
from tests.cli.conftest import Project, Ran

SOUND = "create table t (id int primary key);\nalter table t enable row level security;\n"
SOUND += "create policy p on t using (id = 1);\n"


def lint(project: Project, *arguments: str, **files: str) -> Ran:
    """Lint a folder `db` of files."""
    for name, text in {"a1_a": SOUND, **files}.items():
        project.write(f"db/{name.lstrip('a')}.sql", text)
    return project.run("migrate", "lint", "--dir", "db", *arguments)


def test_sound_migrations_are_yes(project: Project) -> None:
    """Nothing is found, and how much was looked at is said."""
    ran = lint(project)
    assert (ran.code, ran.out) == (0, "1 file, 0 flaws\n")


def test_a_severe_flaw_is_no(project: Project) -> None:
    """File, line and rule are on stdout."""
    ran = lint(project, a2_b="drop table t;")
    assert ran.code == 1
    assert "db/2_b.sql\n  high     1:1      drop-table\n" in ran.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        ([], 0),
        (["--fail-on", "medium"], 1),
        (["--fail-on", "medium", "--skip", "index-blocks-writes"], 0),
        (["--fail-on", "medium", "--rule", "drop-table"], 0),
        (["--fail-on", "medium", "--since", "2"], 0),
    ],
)
def test_the_threshold_and_the_rules_decide(
    project: Project, arguments: list[str], code: int
) -> None:
    """A medium flaw is one from --fail-on medium on, where its rule and file are meant."""
    ran = lint(project, *arguments, a2_b="create index on t (id);", a3_c="select 1;")
    assert ran.code == code


def test_json_is_one_document(project: Project) -> None:
    """With the versioned envelope, and nothing else on stdout."""
    ran = lint(project, "--output", "json", a2_b="drop table t;")
    document = json.loads(ran.out)
    assert document["schema"] == "readyctl.migrate-lint/1"
    assert [flaw["rule"] for flaw in document["data"]["flaws"]] == ["drop-table"]


def test_reports_are_written(project: Project) -> None:
    """SARIF to a file, annotations to stdout, in one run; paths are from where readyctl runs."""
    ran = lint(
        project, "--report", "sarif=out/lint.sarif", "--report", "github=-", a2_b="drop table t;"
    )
    assert ran.out.startswith("::error file=db/2_b.sql,line=1,col=1,title=drop-table (high)::")
    log = json.loads((project.root / "out" / "lint.sarif").read_text(encoding="utf-8"))
    assert log["runs"][0]["results"][0]["ruleId"] == "drop-table"
    assert ran.code == 1


@pytest.mark.parametrize("text", ["sarif", "xml=a", "github="])
def test_another_report_is_refused(project: Project, text: str) -> None:
    """The formats are named."""
    ran = lint(project, "--report", text)
    assert ran.code == 2
    assert "error[E0472]" in ran.err


@pytest.mark.parametrize("option", ["--rule", "--skip", "--explain"])
def test_an_unknown_rule_is_refused(project: Project, option: str) -> None:
    """Rather than to lint with a rule that finds nothing."""
    ran = lint(project, option, "drop-tabel")
    assert (ran.code, ran.out) == (2, "")
    assert "error[E0470]" in ran.err


@pytest.mark.parametrize("name", sorted(TEXTS))
def test_every_rule_is_explained(project: Project, name: str) -> None:
    """What, why and how to mend it; no folder is needed."""
    ran = project.run("migrate", "lint", "--explain", name)
    assert ran.code == 0
    assert ran.out.startswith(f"{name} (")


def test_an_absent_squawk_is_no_pass(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing was found, and not everything was looked at."""
    monkeypatch.setattr(sys, "executable", str(project.root / "python"))
    monkeypatch.setenv("PATH", str(project.root))
    ran = lint(project)
    assert ran.code == 2
    assert "squawk: squawk is not installed: none of its rules was looked at" in ran.out
    assert "error[E0471]" in ran.err


def test_what_is_no_sql_is_one_error(project: Project) -> None:
    """File, line and column; nothing is linted by half."""
    ran = lint(project, a2_b="create tble t;")
    assert (ran.code, ran.out) == (2, "")
    assert "where: 2_b.sql:1:8" in ran.err


def test_the_bundled_migrations_are_linted_without_a_folder_named(project: Project) -> None:
    """The configuration's are meant; they are sound at the strictest threshold."""
    project.write(
        "config.yaml",
        Path("config.yaml").read_text(encoding="utf-8")
        + f"migrations: {bundled('backend', 'migrations')}\n",
    )
    ran = project.run("migrate", "lint", "--fail-on", "low")
    assert (ran.code, ran.out) == (0, "14 files, 0 flaws\n")


@pytest.mark.environment
def test_locks_are_those_that_the_server_took(project: Project) -> None:
    """On a server of its own, in a folder in which nothing is configured."""
    ran = lint(project, "--locks", "--output", "json", a2_b="alter table t add y int;")
    assert ran.code == 0
    locks = json.loads(ran.out)["data"]["locks"]
    assert [(lock["file"], lock["mode"]) for lock in locks] == [("2_b.sql", "AccessExclusiveLock")]
