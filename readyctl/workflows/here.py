"""What a command means in this folder: its configuration, or just the local environment."""

from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

from readyctl.config.discovery import discover
from readyctl.config.environment import Settings
from readyctl.errors import ConfigError, LocalError
from readyctl.local import state as local_state
from readyctl.local.state import LocalState
from readyctl.workflows import settings as configuration
from readyctl.workflows.settings import Asked


def settings_here(asked: Asked) -> Settings:
    """Return the effective settings.

    Where nothing is configured, but the local environment was started, these are the settings of
    the bundled example, with what people write in this folder.

    Raises:
        ConfigError: see `settings.load_settings`.
    """
    if asked.environment in ("", "local") and not _configured(asked):
        here = Path.cwd()
        if local_state.load(here):
            return _example(asked, here)
    return configuration.load_settings(asked)


def root_here(asked: Asked) -> Path:
    """Return the folder whose local environment is meant: the configuration's, else this one."""
    return configuration.load_settings(asked).root if _configured(asked) else Path.cwd()


def running(root: Path) -> LocalState:
    """Return the local environment of `root`.

    Raises:
        LocalError: it is not up.
    """
    found = local_state.load(root)
    if found is None:
        raise LocalError(
            "E0510",
            "the local environment is not up",
            where=str(root),
            hint="readyctl local up",
        )
    return found


def _configured(asked: Asked) -> bool:
    try:
        discover(asked.config, os.environ, Path.cwd())
    except ConfigError:
        return False
    return True


def _example(asked: Asked, here: Path) -> Settings:
    example = configuration.example_settings(asked)
    return replace(
        example,
        root=here,
        attestations=here / example.attestations.name,
        waivers=here / example.waivers.name,
        test_runs=here / example.test_runs.name,
        documents=here / example.documents.name,
        checks=(),
    )
