"""Loads the checklist: the bundled checks, and the users' own before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from importlib.metadata import entry_points
from importlib.resources import files
from pathlib import Path

from readyctl.clients.schema import validate
from readyctl.clients.yamlfile import YamlDocument, load_yaml
from readyctl.config.environment import Settings
from readyctl.config.schema import bundled_schema
from readyctl.errors import ConfigError
from readyctl.evaluate.loader import check_from, checklist_from
from readyctl.model.check import Check, Checklist
from readyctl.model.json import Json
from readyctl.resources import bundled

INDEX = "checklist.yaml"


def load_checklist(settings: Settings) -> Checklist:
    """Return the checklist of `settings`; of two checks with one id the first folder's wins.

    Raises:
        ConfigError: a check or the index is malformed, or a configured folder does not exist.
    """
    index = load_yaml(bundled("checks", INDEX))
    ours = list(load_checks(bundled("checks")))
    own: dict[str, Check] = {}
    folders = [_existing(folder, settings) for folder in settings.checks]
    for folder in dict.fromkeys((*folders, *_installed())):
        if folder.resolve() != bundled("checks").resolve():
            for check in load_checks(folder):
                own.setdefault(check.id, check)
    return checklist_from(_mapping(index), ours, own=list(own.values()), disabled=settings.disable)


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


def load_checks(folder: Path) -> Iterator[Check]:
    """Yield the checks of `folder/<category>/<id>.yaml`, by name."""
    schema = bundled_schema("check-1")
    for path in sorted(folder.glob("*/*.yaml")):
        document = load_yaml(path)
        validate(document, schema, "E0220", "check")
        yield _placed(check_from(_mapping(document), origin=_origin(path)), path)


def _mapping(document: YamlDocument) -> dict[str, Json]:
    return dict(document.data) if isinstance(document.data, dict) else {}


def _origin(path: Path) -> str:
    inside = path.is_relative_to(bundled("checks"))
    return f"bundled checks/{path.relative_to(bundled('checks'))}" if inside else str(path)


def _placed(check: Check, path: Path) -> Check:
    wanted: Sequence[str] = (check.category, f"{check.id}.yaml")
    if path.parts[-2:] != tuple(wanted):
        raise ConfigError(
            "E0227",
            f"the file of check {check.id} is in the wrong place",
            where=str(path),
            hint=f"move it to {'/'.join(wanted)}",
        )
    return check
