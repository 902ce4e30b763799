"""Reads which commit a source tree is at, from the files of its repository."""

from __future__ import annotations

import re
from pathlib import Path

_COMMIT = re.compile(r"[0-9a-f]{40,64}")


def head(root: Path) -> str:
    """Return the commit that is checked out in `root` or a parent, empty when there is none."""
    for folder in (root, *root.parents):
        repository = folder / ".git"
        if repository.is_dir():
            return _resolved(repository, "HEAD", hops=5)
    return ""


def _resolved(repository: Path, reference: str, *, hops: int) -> str:
    text = _text(repository / reference) or _packed(repository, reference)
    if text.startswith("ref: ") and hops:
        return _resolved(repository, text.removeprefix("ref: "), hops=hops - 1)
    return text if _COMMIT.fullmatch(text) else ""


def _packed(repository: Path, reference: str) -> str:
    for line in _text(repository / "packed-refs").splitlines():
        commit, _, name = line.partition(" ")
        if name == reference:
            return commit
    return ""


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError):
        return ""
