"""`readyctl doctor`: readyctl's own footing, and the least policy."""

from __future__ import annotations

import json

import pytest

from tests.cli.conftest import CONFIG, Project


def test_missing_credentials_fail_the_doctor(project: Project) -> None:
    """Without credentials the doctor answers no, and says what to do."""
    ran = project.run("doctor")
    assert (ran.code, "aws sso login" in ran.out) == (1, True)


def test_one_failure_hides_no_other_line(project: Project) -> None:
    """What comes after a failure is examined too."""
    project.write("config.yaml", CONFIG + "manifest: nowhere.yaml\n")
    lines = project.run("doctor").out.splitlines()
    assert "[!]  no database is configured: its checks will stay undecided" in lines


def test_missing_database_is_a_warning(project: Project) -> None:
    """A system without a configured database can be audited in part."""
    found = json.loads(project.run("doctor", "--output", "json").out)["data"]["diagnoses"]
    assert next(d["state"] for d in found if "no database" in d["text"]) == "warning"


def test_without_configuration_only_that_fails(project: Project) -> None:
    """Without a configuration there is one failure, with the way to it."""
    (project.root / "config.yaml").unlink()
    ran = project.run("doctor")
    assert (ran.code, ran.out.count("[x]"), "`readyctl init`" in ran.out) == (1, 1, True)


def test_crash_of_an_examination_is_a_state_of_its_own(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A defect in one examination is shown, and does not hide the others."""

    def broken(_: object) -> str:
        raise RuntimeError("secret")

    monkeypatch.setattr("readyctl.workflows.doctor.EXAMINATIONS", (("vault", broken),))
    ran = project.run("doctor")
    assert (ran.code, "[??] vault: RuntimeError" in ran.out) == (1, True)


def test_local_environment_that_is_down_names_its_command(project: Project) -> None:
    """An environment that is not up fails with the command that starts it."""
    project.write(
        "config.yaml", "readyctl: 1\nsystem: clinic\nenvironments: {here: {provider: local}}\n"
    )
    assert "readyctl local up" in project.run("doctor").out


def _policy(project: Project, *arguments: str) -> list[str]:
    policy = json.loads(project.run("doctor", "--iam-policy", *arguments).out)
    actions: list[str] = policy["Statement"][0]["Action"]
    return actions


def test_policy_of_one_check_holds_its_actions_alone(project: Project) -> None:
    """The policy for one check allows what its facts need and nothing more."""
    assert _policy(project, "--check", "aurora-encrypted") == ["rds:DescribeDBClusters"]


def test_policy_of_all_checks_is_sorted(project: Project) -> None:
    """The policy is the same text for the same checks."""
    actions = _policy(project)
    assert sorted(set(actions)) == actions


def test_policy_only_reads(project: Project) -> None:
    """No action of the policy changes anything."""
    verbs = {action.split(":")[1] for action in _policy(project)}
    assert not [v for v in verbs if not v.startswith(("Get", "List", "Describe", "GET"))]


def test_policy_needs_no_configuration(project: Project) -> None:
    """An administrator can grant the policy before there is a system."""
    (project.root / "config.yaml").unlink()
    assert project.run("doctor", "--iam-policy").code == 0
