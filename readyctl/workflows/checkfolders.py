"""Finds the folders of users' own checks, the first to win first."""

from __future__ import annotations

from collections.abc import Iterator
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from readyctl.config.environment import Settings
from readyctl.errors import ConfigError
from readyctl.resources import bundled


def own_folders(settings: Settings) -> tuple[Path, ...]:
    """Return the configured folders, then those that installed packages offer.

    Raises:
        ConfigError: a configured folder does not exist.
    """
    configured = [_existing(folder, settings) for folder in settings.checks]
    found = dict.fromkeys((*configured, *_installed()))
    # In a checkout of readyctl the folder beside the configuration is the bundled one.
    return tuple(folder for folder in found if folder.resolve() != bundled("checks").resolve())


def _installed() -> Iterator[Path]:
    """Yield the folders of packages that offer checks under the entry point `readyctl.checks`."""
    for point in sorted(entry_points(group="readyctl.checks"), key=lambda point: point.name):
        yield Path(str(files(point.value)))


def _existing(folder: Path, settings: Settings) -> Path:
    origin = settings.origins.get("checks", "default")
    if folder.is_dir() or origin == "default":
        return folder
    raise ConfigError(
        "E0204",
        f"there is no folder {folder.name} for checks",
        where=origin,
        hint="`readyctl check new` makes one beside the configuration",
    )
