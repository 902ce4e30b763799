"""`readyctl launch`: the plan and the gate rest on the last audit."""

from __future__ import annotations

import json

from tests.cli.conftest import CONFIG, Project

_STAGING = '  staging:\n    account: "210987654321"\n    region: us-east-1\n'


def test_gate_without_an_audit_is_no_answer(project: Project) -> None:
    """Without an audit the gate cannot answer: 2, not 1."""
    assert project.run("launch", "gate").code == 2


def test_gate_is_shut_by_no_go(project: Project) -> None:
    """A verdict of NO-GO shuts the gate."""
    project.audited("ajar")
    assert project.run("launch", "gate", "--max-age", "1e6").code == 1


def test_gate_is_shut_by_age(project: Project) -> None:
    """An audit older than --max-age shuts the gate, and the age is said."""
    project.audited()
    assert "hours old" in project.run("launch", "gate").out


def test_gate_of_another_environment_is_no_answer(project: Project) -> None:
    """An audit of one environment says nothing about another."""
    project.write("config.yaml", CONFIG + _STAGING + "default_environment: production\n")
    project.audited()
    ran = project.run("launch", "gate", "--env", "staging")
    assert (ran.code, "error[E0251]" in ran.err) == (2, True)


def test_gate_of_another_account_is_no_answer(project: Project) -> None:
    """An audit of one account says nothing about the one that the config names by now."""
    project.audited()
    project.write("config.yaml", CONFIG.replace("123456789012", "111122223333"))
    ran = project.run("launch", "gate")
    assert (ran.code, "error[E0251]" in ran.err) == (2, True)


def test_gate_says_why_in_json(project: Project) -> None:
    """`--output json` carries the answer and its reasons."""
    project.audited()
    answer = json.loads(project.run("launch", "gate", "--output", "json").out)["data"]["answer"]
    assert (answer["open"], answer["verdict"]) == (False, "NO-GO")


def test_more_people_make_the_plan_no_longer(project: Project) -> None:
    """`--people` computes the plan again for so many people."""
    project.audited()
    one, ten = (
        json.loads(project.run("launch", "plan", "--people", n, "--output", "json").out)
        for n in ("1", "10")
    )
    assert ten["data"]["plan"]["days"][1] < one["data"]["plan"]["days"][1]


def test_plan_in_markdown_has_task_lists(project: Project) -> None:
    """`--output md` writes the plan as Markdown task lists."""
    project.audited()
    assert "- [ ] " in project.run("launch", "plan", "--output", "md").out


def test_nobody_cannot_work(project: Project) -> None:
    """A launch without people is a usage error."""
    project.audited()
    assert project.run("launch", "plan", "--people", "0").code == 2
