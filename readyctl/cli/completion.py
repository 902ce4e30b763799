"""Completes names on the command line, from files alone."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from readyctl.resources import bundled

_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


def complete_check(incomplete: str) -> list[str]:
    """Return the ids of bundled checks, and of those beside the configuration."""
    folders = (bundled("checks"), *_own_checks())
    names = {path.stem for folder in folders for path in folder.glob("*/*.yaml")}
    return sorted(name for name in names if name.startswith(incomplete) and _NAME.fullmatch(name))


def complete_environment(incomplete: str) -> list[str]:
    """Return the names of the environments that the configuration declares."""
    from readyctl.config.loader import environment_names
    from readyctl.errors import ReadyctlError
    from readyctl.workflows.settings import Asked, documents

    try:
        _, files = documents(Asked())
    except ReadyctlError:
        return []
    return [name for name in environment_names(files) if name.startswith(incomplete)]


def _own_checks() -> Iterable[Path]:
    from readyctl.errors import ReadyctlError
    from readyctl.workflows.settings import Asked, load_settings

    try:
        return load_settings(Asked()).checks
    except ReadyctlError:
        return ()
