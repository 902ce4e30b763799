"""Tests of finding and installing the emulator."""

from __future__ import annotations

from pathlib import Path

import pytest

from readyctl.errors import LocalError
from readyctl.local import emulator
from readyctl.resources import bundled


def test_named_python_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """READYCTL_EMULATOR comes before everything that is installed."""
    (tmp_path / "python").touch()
    monkeypatch.setenv("READYCTL_EMULATOR", str(tmp_path / "python"))
    assert emulator.find(tmp_path) == [str(tmp_path / "python"), "-m", "ministack"]


def test_named_script_is_run_as_it_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """READYCTL_EMULATOR may be the emulator's own script."""
    (tmp_path / "ministack").touch()
    monkeypatch.setenv("READYCTL_EMULATOR", str(tmp_path / "ministack"))
    assert emulator.find(tmp_path) == [str(tmp_path / "ministack")]


def test_own_installation_comes_before_this_python(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What `readyctl local install` made is used even when this Python has the emulator too."""
    monkeypatch.delenv("READYCTL_EMULATOR", raising=False)
    python = tmp_path / ".readyctl" / "emulator" / "bin" / "python"
    python.parent.mkdir(parents=True)
    python.touch()
    assert emulator.find(tmp_path) == [str(python), "-m", "ministack"]


def test_constraints_pin_everything() -> None:
    """Each line of the constraints is one exact version, and none is an address."""
    lines = bundled("emulator-constraints.txt").read_text(encoding="utf-8").splitlines()
    pins = [line for line in lines if not line.startswith("#")]
    assert "ministack==1.5.33" in pins
    assert all(pin.count("==") == 1 and "/" not in pin for pin in pins)


def test_failed_installation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An index that does not have the emulator is an error that says what to do."""
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(tmp_path))
    with pytest.raises(LocalError) as raised:
        emulator.install(tmp_path, lambda _: None)
    assert (raised.value.code, bool(raised.value.cause)) == ("E0504", True)


def test_environment_has_no_credentials(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The emulator gets neither the user's credentials nor their profile."""
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "the-users-own")
    monkeypatch.setenv("AWS_PROFILE", "the-users-own")
    given = emulator.environment(tmp_path, tmp_path, 4566)
    assert "the-users-own" not in given.values()
