"""Finds the configuration: a flag, a variable, the nearest folder above, the user's own file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from readyctl.errors import ConfigError

FILE_NAME = "config.yaml"

# Other tools have a config.yaml too: only one with this key is ours.
_MARK = re.compile(rb"^[\"']?readyctl[\"']?\s*:", re.MULTILINE)
_PEEKED_BYTES = 65_536


@dataclass(frozen=True, slots=True)
class Discovery:
    """The files to read; `how` says why `project` was chosen."""

    project: Path | None
    user: Path | None
    how: str


def discover(flag: Path | None, variables: Mapping[str, str], cwd: Path) -> Discovery:
    """Return the configuration files to read, the project's and the user's.

    Raises:
        ConfigError: E0202, there is none at all.
    """
    own = _user_file(variables)
    user = own if own and _is_ours(own) else None
    named = variables.get("READYCTL_CONFIG", "")
    if flag is not None:
        return Discovery(cwd / flag, user, "--config")
    if named:
        return Discovery(cwd / named, user, "READYCTL_CONFIG")
    for folder in (cwd, *cwd.parents):
        if _is_ours(folder / FILE_NAME):
            return Discovery(folder / FILE_NAME, user, f"found from {cwd}")
    if user is None:
        raise ConfigError(
            "E0202",
            "there is no configuration",
            cause="no config.yaml with `readyctl: 1` in this folder or one above it",
            where=str(cwd),
            hint="`readyctl init` writes one; --config and READYCTL_CONFIG name another file",
        )
    return Discovery(None, user, "the user's own file")


def _user_file(variables: Mapping[str, str]) -> Path | None:
    base, home = variables.get("XDG_CONFIG_HOME", ""), variables.get("HOME", "")
    if base:
        return Path(base, "readyctl", FILE_NAME)
    return Path(home, ".config", "readyctl", FILE_NAME) if home else None


def _is_ours(path: Path) -> bool:
    try:
        with path.open("rb") as file:
            return bool(_MARK.search(file.read(_PEEKED_BYTES)))
    except (OSError, ValueError):
        return False
