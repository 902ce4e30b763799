"""Tests of the wheel's file list: everything that readyctl reads is in it, and nothing else is."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

PROJECT = Path(__file__).resolve().parents[2]
BUNDLED = "readyctl/_bundled/"
DATA = ("checks", "templates", "schemas", "backend", "config.yaml", "emulator-constraints.txt")


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> zipfile.ZipFile:
    """The wheel that is built from the sdist, with the build tools that are installed."""
    dist = tmp_path_factory.mktemp("dist")
    subprocess.run(
        [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(dist), str(PROJECT)],
        check=True,
        capture_output=True,
    )
    (built,) = dist.glob("*.whl")
    return zipfile.ZipFile(built)


@pytest.fixture(scope="module")
def names(wheel: zipfile.ZipFile) -> set[str]:
    """The files in the wheel."""
    return set(wheel.namelist())


def _tree(folder: Path) -> set[str]:
    """Return the files below a folder of the project, and of nothing that Python made there."""
    return {
        path.relative_to(PROJECT).as_posix()
        for path in (folder.rglob("*") if folder.is_dir() else [folder])
        if path.is_file() and "__pycache__" not in path.parts
    }


def test_installs_one_package(names: set[str]) -> None:
    """Nothing is installed beside the package: no `checks`, no `backend`, no `tests`."""
    tops = {name.partition("/")[0] for name in names}
    assert {top for top in tops if not top.endswith(".dist-info")} == {"readyctl"}


def test_has_every_module(names: set[str]) -> None:
    """Every file of the package is in the wheel, and no other stands beside the data."""
    modules = {name for name in names if name.startswith("readyctl/")}
    assert {name for name in modules if not name.startswith(BUNDLED)} == _tree(PROJECT / "readyctl")


@pytest.mark.parametrize("name", DATA)
def test_has_all_data(names: set[str], name: str) -> None:
    """Each file of a kind of data is in the wheel, below `_bundled`, and no other is."""
    place = BUNDLED + name
    found = {entry for entry in names if entry == place or entry.startswith(f"{place}/")}
    assert found == {BUNDLED + entry for entry in _tree(PROJECT / name)}


def test_has_no_other_data(names: set[str]) -> None:
    """What lies below `_bundled` is what readyctl looks up there."""
    kinds = {name.split("/")[2] for name in names if name.startswith(BUNDLED)}
    assert kinds == set(DATA)


def test_has_nothing_private(names: set[str]) -> None:
    """No local environment, hidden file, key or compiled file is in the wheel."""
    private = (".pem", ".key", ".pyc", ".env", ".log")
    assert not [name for name in names if "/." in name or name.endswith(private)]


def test_names_no_place_of_this_machine(wheel: zipfile.ZipFile) -> None:
    """No file of the wheel names the folder that it was built in."""
    place = str(PROJECT).encode()
    assert not [name for name in wheel.namelist() if place in wheel.read(name)]


def test_starts_by_its_name(wheel: zipfile.ZipFile) -> None:
    """The wheel installs the command `readyctl`."""
    (entries,) = [name for name in wheel.namelist() if name.endswith("entry_points.txt")]
    assert b"readyctl = readyctl.__main__:main" in wheel.read(entries)
