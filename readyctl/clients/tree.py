"""Walks a source tree: what git would keep, never out of the tree, counting what it skips."""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from readyctl.errors import ConfigError

if TYPE_CHECKING:
    from pathspec import GitIgnoreSpec

_NEVER = frozenset({".git", ".hg", ".venv", "venv", "node_modules", "__pycache__", ".readyctl"})
_MAX_BYTES = 2_000_000
_MAX_FILES = 200_000

_Rules = tuple[tuple[Path, "GitIgnoreSpec"], ...]


@dataclass(frozen=True, slots=True)
class Tree:
    """The files that were found, in order of their paths, and how many were skipped, and why."""

    files: tuple[Path, ...]
    skipped: Mapping[str, int]


def walk(root: Path, suffixes: Collection[str]) -> Tree:
    """Find the regular files under `root` whose suffix is one of `suffixes` (".py").

    Files that a .gitignore in the tree names, dependencies, version control, files above 2 MB and
    links that lead out of the tree are left out. A linked folder is not entered.

    Raises:
        ConfigError: E0204, `root` is not a folder that can be read, or holds too many files.
    """
    if not root.is_dir():
        raise ConfigError(
            "E0204",
            f"there is no folder {root.name}",
            where=str(root),
            hint="correct the path in the configuration, or remove it",
        )
    skipped: Counter[str] = Counter()
    files = sorted(_files(root, root.resolve(), frozenset(suffixes), skipped))
    return Tree(tuple(files), dict(sorted(skipped.items())))


def _files(
    root: Path, real_root: Path, suffixes: frozenset[str], skipped: Counter[str]
) -> Iterator[Path]:
    pending: list[tuple[Path, _Rules]] = [(root, ())]
    seen = 0
    while pending:
        folder, rules = pending.pop()
        try:
            entries = sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            skipped["unreadable"] += 1
            continue
        rules = (*rules, *_rules_of(folder))
        for entry in entries:
            seen += 1
            if seen > _MAX_FILES:
                raise ConfigError("E0204", "the source tree is too large", where=str(root))
            path = Path(entry.path)
            if entry.is_dir(follow_symlinks=False):
                if entry.name not in _NEVER and not _ignored(path, rules, folder=True):
                    pending.append((path, rules))
                else:
                    skipped["ignored folders"] += 1
            elif path.suffix in suffixes:
                reason = _reason_to_skip(entry, path, real_root, rules)
                if reason:
                    skipped[reason] += 1
                else:
                    yield path


def _reason_to_skip(entry: os.DirEntry[str], path: Path, real_root: Path, rules: _Rules) -> str:
    if _ignored(path, rules, folder=False):
        return "ignored"
    try:
        if entry.is_symlink() and not path.resolve().is_relative_to(real_root):
            return "links out of the tree"
        if not entry.is_file():
            return "not regular files"
        return "larger than 2 MB" if entry.stat().st_size > _MAX_BYTES else ""
    except (OSError, RuntimeError):
        return "unreadable"


def _rules_of(folder: Path) -> _Rules:
    from pathspec import GitIgnoreSpec

    file = folder / ".gitignore"
    if file.is_symlink() or not file.is_file():
        return ()
    try:
        lines = file.read_text("utf-8", "replace").splitlines()
        return ((folder, GitIgnoreSpec.from_lines(lines)),)
    except (OSError, ValueError):
        return ()


def _ignored(path: Path, rules: _Rules, *, folder: bool) -> bool:
    for base, spec in reversed(rules):
        name = path.relative_to(base).as_posix() + ("/" if folder else "")
        verdict = spec.check_file(name).include
        if verdict is not None:
            return verdict
    return False
