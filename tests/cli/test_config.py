"""`readyctl config`: what is in force, and who has said so."""

from __future__ import annotations

import json
from typing import Any

import pytest

from tests.cli.conftest import CONFIG, Project


def _shown(project: Project, *arguments: str) -> Any:
    ran = project.run("config", "show", "--origin", "--output", "json", *arguments)
    return json.loads(ran.out)["data"]


def test_origin_names_file_and_line(project: Project) -> None:
    """A setting of a file comes with its line."""
    assert f"{project.root / 'config.yaml'}:6" == _shown(project)["origins"]["region"]


def test_variable_wins_over_the_file(project: Project, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable is stronger than the file, and is named as the origin."""
    monkeypatch.setenv("READYCTL_REGION", "eu-west-1")
    found = _shown(project)
    assert (
        found["settings"]["region"],
        found["origins"]["region"],
    ) == ("eu-west-1", "variable READYCTL_REGION")


def test_flag_wins_over_variable_for_the_environment(
    project: Project, monkeypatch: pytest.MonkeyPatch
) -> None:
    """`--env` is stronger than READYCTL_ENV."""
    project.write("config.yaml", CONFIG + "  staging: {account: '210987654321', region: us-east-1}")
    monkeypatch.setenv("READYCTL_ENV", "staging")
    assert _shown(project, "--env", "production")["environment"] == "production"


def test_validate_looks_at_every_environment(project: Project) -> None:
    """A mistake in an environment that is not the default one is found."""
    text = CONFIG + "  staging: {region: us-east-1}\ndefault_environment: production\n"
    project.write("config.yaml", text)
    assert "setting account of environment staging" in project.run("config", "validate").err


def test_verbose_names_the_chosen_file(project: Project) -> None:
    """`-v` says which configuration was chosen."""
    assert str(project.root / "config.yaml") in project.run("config", "show", "-v").err


def test_validate_loads_the_checks(project: Project) -> None:
    """A malformed check of one's own is found before an audit."""
    project.write("checks/compliance/vault-locked.yaml", "id: vault-locked\n")
    assert "E0220" in project.run("config", "validate").err
