"""Names are completed from files, without asking anybody."""

from __future__ import annotations

import pytest

from readyctl.cli.completion import complete_check, complete_environment
from tests.cli.conftest import Project


def test_own_and_bundled_checks_are_completed(project: Project) -> None:
    """Ids of both kinds of checks are offered."""
    assert "vault-locked" in complete_check("vault")
    assert "aurora-encrypted" in complete_check("aurora-e")


def test_environments_are_completed(project: Project) -> None:
    """Names of environments are offered."""
    assert complete_environment("pro") == ["production"]


def test_broken_configuration_completes_nothing(project: Project) -> None:
    """A configuration that cannot be read stops no completion."""
    project.write("config.yaml", "readyctl: [\n")
    assert complete_environment("") == []


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_shell_gets_its_script(
    project: Project, monkeypatch: pytest.MonkeyPatch, shell: str
) -> None:
    """Each shell gets a script that completes readyctl."""
    monkeypatch.setenv("_READYCTL_COMPLETE", f"source_{shell}")
    with pytest.raises(SystemExit):
        project.run()
    assert "readyctl" in project.capture.readouterr().out
