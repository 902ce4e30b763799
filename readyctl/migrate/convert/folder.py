"""Reads a folder of Supabase migrations, and names its files so that their order is theirs."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

from readyctl.errors import ConfigError, MigrateError, ReadyctlError
from readyctl.migrate.convert.prelude import FILE, listed
from readyctl.migrate.source import read_text

_NUMBER = re.compile(r"(\d+)(?=[_. -]|$)(.*)", re.DOTALL)
_STAMP = 14
_SHORTEST_STAMP = 8
_MARKS = {b"\xef\xbb\xbf": "utf-8", b"\xff\xfe": "utf-16-le", b"\xfe\xff": "utf-16-be"}


@dataclass(frozen=True, slots=True)
class Raw:
    """A file as it lies there: `mark` are the bytes before its text, in `encoding`."""

    file: str
    target: str
    text: str
    mark: bytes = b""
    encoding: str = "utf-8"

    def encoded(self, text: str) -> bytes:
        """Return another text in the file's encoding, behind its mark."""
        return self.mark + text.encode(self.encoding)


@dataclass(frozen=True, slots=True)
class Folder:
    """What was read; `parts` are those of a prelude that an earlier conversion has written."""

    place: Path
    files: tuple[Raw, ...]
    parts: frozenset[str]
    passed: tuple[tuple[str, str], ...]
    failed: tuple[tuple[str, ReadyctlError], ...]


def read(folder: Path) -> Folder:
    """Return the files of a folder in the order in which Supabase applies them.

    Raises:
        MigrateError: E0403, there is none.
    """
    place = place_of(folder)
    names = sorted(path.name for path in place.glob("*.sql"))
    chosen, passed = _chosen(names)
    if not chosen:
        raise MigrateError(
            "E0403",
            "there are no migrations",
            cause="it has no *.sql" if place.is_dir() else "there is no such folder",
            where=str(place),
            hint="name the folder with the migrations: `readyctl migrate convert FOLDER`",
        )
    return _folder(place, chosen, passed)


def place_of(folder: Path) -> Path:
    """Return where the migrations of a project lie, or the folder itself."""
    inside = (folder / "supabase" / "migrations", folder / "migrations")
    # A seed.sql beside the migrations is none of them.
    here = any(_NUMBER.match(path.name) for path in folder.glob("*.sql"))
    found = [place for place in inside if place.is_dir() and not here]
    return found[0] if found else folder


def _folder(place: Path, names: list[str], passed: list[tuple[str, str]]) -> Folder:
    read_files: list[Raw] = []
    failed: list[tuple[str, ReadyctlError]] = []
    parts: frozenset[str] = frozenset()
    targets = _targets([name for name in names if name != FILE])
    for name in names:
        try:
            raw = _raw(place / name, name, targets.get(name, name))
        except (MigrateError, ConfigError) as error:
            failed.append((name, error))
            continue
        if name == FILE and listed(raw.text):
            parts = listed(raw.text)
        else:
            read_files.append(raw)
    return Folder(place, tuple(read_files), parts, tuple(passed), tuple(failed))


def _raw(path: Path, name: str, target: str) -> Raw:
    data, text = read_text(path, name)
    mark = next((known for known in _MARKS if data.startswith(known)), b"")
    return Raw(name, target, text, mark, _MARKS.get(mark, "utf-8"))


def _chosen(names: list[str]) -> tuple[list[str], list[tuple[str, str]]]:
    forward = [name for name in names if not name.endswith(".down.sql")]
    passed = [(name, "it undoes another one") for name in names if name not in forward]
    numbered = [name for name in forward if _NUMBER.fullmatch(name.removesuffix(".sql"))]
    if not numbered:
        return forward, passed
    passed += [
        (name, "its name begins with no version: Supabase does not apply it")
        for name in forward
        if name not in numbered
    ]
    return _ordered(numbered), passed


def _ordered(names: list[str]) -> list[str]:
    # Supabase orders stamps by the whole name; people who count 1, 2, 10 mean the number.
    counted = [name for name in names if len(_version(name)) < _SHORTEST_STAMP]
    stamped = sorted(set(names) - set(counted))
    return sorted(counted, key=lambda name: (int(_version(name)), name)) + stamped


def _version(name: str) -> str:
    found = _NUMBER.fullmatch(name.removesuffix(".sql"))
    return found[1] if found else ""


def _targets(names: list[str]) -> dict[str, str]:
    """Return the names that files get: their own, unless two would have one version.

    Stamps of several widths are all filled up, so that they are in order as numbers, too.
    """
    stamps = [_version(name) for name in names if len(_version(name)) >= _SHORTEST_STAMP]
    fill = len({len(stamp) for stamp in stamps}) > 1 or len(set(stamps)) < len(stamps)
    found: dict[str, str] = {}
    # The prelude has the version 0.
    last = 0
    for name in names:
        version = _version(name)
        filled = version.ljust(_STAMP, "0") if fill and len(version) >= _SHORTEST_STAMP else version
        last = max(int(filled or 0), last + 1)
        if not version:
            found[name] = f"{last:04}_{name}"
        elif int(filled) == last:
            found[name] = filled + name[len(version) :]
        else:
            found[name] = f"{last:0{len(filled)}}{name[len(version) :]}"
    return found
