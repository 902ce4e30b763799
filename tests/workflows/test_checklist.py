"""Where checks come from, and which of two wins."""

from __future__ import annotations

import sys
from dataclasses import replace
from pathlib import Path

import pytest

from readyctl.config.environment import Settings
from readyctl.errors import ConfigError
from readyctl.resources import bundled
from readyctl.workflows.checklist import load_checklist
from readyctl.workflows.settings import Asked, load_settings

CHECK = bundled("checks", "documentation", "runbooks.yaml")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    """The settings of the bundled example, without checks of one's own."""
    found = load_settings(Asked(config=bundled("config.yaml"), environment="local"))
    return replace(found, checks=(), root=tmp_path)


def written(folder: Path, why: str) -> Path:
    """Put a check with the id of a bundled one into a folder."""
    target = folder / "documentation" / CHECK.name
    target.parent.mkdir(parents=True)
    lines = CHECK.read_text(encoding="utf-8").splitlines()
    target.write_text("\n".join([*lines, f"strength: {why}"]) + "\n", encoding="utf-8")
    return folder


def strength(settings: Settings) -> str:
    """The text by which the check says where it came from."""
    checks = {check.id: check for check in load_checklist(settings).checks}
    return checks["runbooks"].strength


def test_the_first_folder_wins(settings: Settings, tmp_path: Path) -> None:
    """Of two checks with one id, the one in the folder named first is used."""
    folders = (written(tmp_path / "a", "from a"), written(tmp_path / "b", "from b"))
    assert strength(replace(settings, checks=folders)) == "from a"


def test_installed_checks_come_after_the_users_own(
    settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A package that offers checks is found, replaces bundled ones, and yields to the user's."""
    package = written(tmp_path / "site" / "clinic_checks", "from a package")
    (package / "__init__.py").touch()
    points = tmp_path / "site" / "clinic_checks-1.dist-info" / "entry_points.txt"
    points.parent.mkdir()
    points.write_text("[readyctl.checks]\nclinic = clinic_checks\n", encoding="utf-8")
    monkeypatch.syspath_prepend(tmp_path / "site")
    mine = written(tmp_path / "mine", "from me")
    assert strength(settings) == "from a package"
    assert strength(replace(settings, checks=(mine,))) == "from me"
    assert load_checklist(settings).replaced == ("runbooks",)
    sys.modules.pop("clinic_checks", None)


def test_a_configured_folder_must_exist(settings: Settings, tmp_path: Path) -> None:
    """A folder that the configuration names and that is not there is an error, not no checks."""
    named = replace(settings, checks=(tmp_path / "nowhere",), origins={"checks": "config.yaml:3"})
    with pytest.raises(ConfigError) as caught:
        load_checklist(named)
    assert caught.value.where == "config.yaml:3"
