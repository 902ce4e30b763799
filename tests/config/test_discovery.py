"""Where the configuration is found."""

from __future__ import annotations

from pathlib import Path

import pytest

from readyctl.config.discovery import discover
from readyctl.errors import ConfigError

_OURS = "readyctl: 1\n"


def _write(path: Path, text: str = _OURS) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")
    return path


def test_nearest_folder_above_wins(tmp_path: Path) -> None:
    """Of two configurations above, the nearer one is meant."""
    _write(tmp_path / "config.yaml")
    near = _write(tmp_path / "a" / "config.yaml")
    (tmp_path / "a" / "b").mkdir()
    assert near == discover(None, {}, tmp_path / "a" / "b").project


def test_configuration_of_another_tool_is_passed_over(tmp_path: Path) -> None:
    """A config.yaml without `readyctl:` is not ours."""
    ours = _write(tmp_path / "config.yaml")
    _write(tmp_path / "a" / "config.yaml", "# readyctl: 1\nother: 1\n")
    assert ours == discover(None, {}, tmp_path / "a").project


def test_malformed_configuration_of_ours_is_still_ours(tmp_path: Path) -> None:
    """A mistake in the nearest file is an error to show, not a reason to look further."""
    _write(tmp_path / "config.yaml")
    near = _write(tmp_path / "a" / "config.yaml", "readyctl: 1\nsystem: [\n")
    assert near == discover(None, {}, tmp_path / "a").project


def test_flag_wins_over_the_variable(tmp_path: Path) -> None:
    """--config is stronger than READYCTL_CONFIG."""
    found = discover(Path("flag.yaml"), {"READYCTL_CONFIG": "variable.yaml"}, tmp_path)
    assert tmp_path / "flag.yaml" == found.project


def test_variable_wins_over_the_folders(tmp_path: Path) -> None:
    """READYCTL_CONFIG is stronger than a file above."""
    _write(tmp_path / "config.yaml")
    found = discover(None, {"READYCTL_CONFIG": "variable.yaml"}, tmp_path)
    assert tmp_path / "variable.yaml" == found.project


@pytest.mark.parametrize("variable", ["XDG_CONFIG_HOME", "HOME"])
def test_file_of_the_user_is_last(tmp_path: Path, variable: str) -> None:
    """Without a project's file the user's own is read, at its XDG place."""
    base = tmp_path / "user" / ("" if variable == "XDG_CONFIG_HOME" else ".config")
    own = _write(base / "readyctl" / "config.yaml")
    (tmp_path / "work").mkdir()
    found = discover(None, {variable: str(tmp_path / "user")}, tmp_path / "work")
    assert (None, own) == (found.project, found.user)


def test_nothing_is_an_error_with_a_way_out(tmp_path: Path) -> None:
    """Without any configuration the error names `readyctl init`."""
    with pytest.raises(ConfigError, match="there is no configuration") as caught:
        discover(None, {}, tmp_path)
    assert (caught.value.code, "readyctl init" in caught.value.hint) == ("E0202", True)


@pytest.mark.parametrize("content", [b"\xff\xfe\x00", b""])
def test_file_that_is_no_text_is_passed_over(tmp_path: Path, content: bytes) -> None:
    """Bytes that are not a configuration stop no search."""
    ours = _write(tmp_path / "config.yaml")
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "config.yaml").write_bytes(content)
    assert ours == discover(None, {}, tmp_path / "a").project
