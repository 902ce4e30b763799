"""Finds the data that ships with readyctl, in a wheel and in an editable install alike."""

from __future__ import annotations

from pathlib import Path

_PACKAGE = Path(__file__).resolve().parent


def bundled(*parts: str) -> Path:
    """Return the path of bundled data such as `bundled("checks")`; it may not exist."""
    root = _PACKAGE / "_bundled"
    return (root if root.is_dir() else _PACKAGE.parent).joinpath(*parts)
