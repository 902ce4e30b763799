"""`readyctl audit`: exit codes, reports, selection, and what is kept."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import Project

_LOCKED = {"backup_plans": [{"name": "locked"}]}
_AJAR = {"backup_plans": [{"name": "ajar"}]}


def _audit(project: Project, vault: dict[str, list[dict[str, str]]], *arguments: str) -> int:
    facts = str(project.facts(vault))
    return project.run("audit", "--facts", facts, "--check", "vault-locked", *arguments).code


def test_go_is_yes(project: Project) -> None:
    """A verdict of GO ends with 0."""
    assert _audit(project, _LOCKED) == 0


def test_no_go_is_no(project: Project) -> None:
    """A verdict of NO-GO ends with 1."""
    assert _audit(project, _AJAR) == 1


def test_undecided_blocker_is_no(project: Project) -> None:
    """A blocker whose fact is missing keeps the gate shut: unknown is not pass."""
    assert _audit(project, {}) == 1


def test_exit_zero_forgives_no_go(project: Project) -> None:
    """`--exit-zero` turns the answer no into 0."""
    assert _audit(project, _AJAR, "--exit-zero") == 0


def test_exit_zero_forgives_no_error(project: Project) -> None:
    """`--exit-zero` does not hide that the job could not be done."""
    assert project.run("audit", "--facts", "nowhere.json", "--exit-zero").code == 2


def test_whole_audit_writes_both_scorecards(project: Project) -> None:
    """Without --report, Markdown and JSON are written beside the configuration."""
    project.run("audit", "--facts", str(project.facts(_AJAR)))
    written = {path.name for path in project.root.glob("scorecard.*")}
    assert {"scorecard.md", "scorecard.json"} == written


def test_partial_audit_writes_no_scorecard(project: Project) -> None:
    """An audit of some checks does not take the place of the whole scorecard."""
    _audit(project, _AJAR)
    assert list(project.root.glob("scorecard.*")) == []


def test_report_on_stdout_is_all_of_stdout(project: Project) -> None:
    """`--report json=-` writes one JSON document and nothing else to stdout."""
    ran = project.run("audit", "--facts", str(project.facts(_AJAR)), "--report", "json=-")
    assert json.loads(ran.out)["schema"] == "readyctl.scorecard/1"


def test_output_json_is_the_scorecard(project: Project) -> None:
    """`--output json` writes the versioned scorecard to stdout."""
    ran = project.run("audit", "--facts", str(project.facts(_AJAR)), "--output", "json")
    assert {"schema", "readyctl", "data"} == set(json.loads(ran.out))


def test_named_report_replaces_the_default_ones(project: Project) -> None:
    """With --report, only what was named is written."""
    project.run("audit", "--facts", str(project.facts(_AJAR)), "--report", "md=out/card.md")
    assert [str(p.relative_to(project.root)) for p in project.root.rglob("*.md")] == ["out/card.md"]


def test_replay_gives_the_same_bytes(project: Project) -> None:
    """The same facts give the same scorecard, whenever they are judged."""
    arguments = ("audit", "--facts", str(project.facts(_AJAR)), "--report", "json=-")
    assert project.run(*arguments).out == project.run(*arguments).out


def test_category_selects_its_checks(project: Project) -> None:
    """`--category` judges the checks of that category and no others."""
    arguments = ("--category", "testing", "--output", "json")
    ran = project.run("audit", "--facts", str(project.facts(_AJAR)), *arguments)
    findings = json.loads(ran.out)["data"]["findings"]
    assert {"testing"} == {finding["category"] for finding in findings}


def test_replayed_facts_cannot_open_the_gate(project: Project) -> None:
    """Judging a file keeps no run, so a file cannot stand in for an audit."""
    project.run("audit", "--facts", str(project.facts(_LOCKED)))
    assert "E0250" in project.run("launch", "gate").err


def test_kept_run_is_private(project: Project) -> None:
    """Facts and scorecard of a run can be read by their owner alone."""
    project.audited()
    files = (project.root / ".readyctl" / "runs").glob("*/*.json")
    assert {0o600} == {path.stat().st_mode & 0o777 for path in files}


def test_report_render_shows_a_saved_scorecard(project: Project) -> None:
    """`report render` shows a scorecard.json as it was written."""
    project.run("audit", "--facts", str(project.facts(_AJAR)), "--report", "json=card.json")
    again = project.run("report", "render", "card.json", "--report", "json=-").out
    assert (project.root / "card.json").read_text(encoding="utf-8") == again


@pytest.mark.parametrize("width", ["60", "80", "120"])
def test_lines_fit_the_width(project: Project, monkeypatch: pytest.MonkeyPatch, width: str) -> None:
    """No line of the scorecard is wider than COLUMNS."""
    monkeypatch.setenv("COLUMNS", width)
    ran = project.run("audit", "--facts", str(project.facts(_AJAR)))
    assert int(width) >= max(map(len, ran.out.splitlines()))


def test_next_step_is_muted_in_ci(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """In CI no next step is suggested."""
    monkeypatch.setenv("CI", "true")
    assert "Next:" not in project.run("audit", "--facts", str(project.facts(_AJAR))).out


def test_next_step_keeps_the_environment(project: Project) -> None:
    """The suggested command is about the environment that was audited."""
    facts = str(project.facts(_AJAR))
    ran = project.run("audit", "--facts", facts, "--env", "production")
    assert ran.out.splitlines()[-1] == "Next: readyctl launch plan --env production"


def test_next_step_keeps_the_configuration(project: Project) -> None:
    """The suggested command reads the configuration that was named."""
    (project.root / "config.yaml").rename(project.root / "my own.yaml")
    facts = str(project.facts(_AJAR))
    ran = project.run("audit", "--facts", facts, "--config", "my own.yaml")
    assert ran.out.splitlines()[-1] == "Next: readyctl launch plan --config 'my own.yaml'"


def test_runs_can_be_entered_by_their_owner_only(project: Project) -> None:
    """Nobody else can even list the runs."""
    project.audited()
    assert (project.root / ".readyctl" / "runs").stat().st_mode & 0o777 == 0o700
