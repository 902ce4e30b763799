"""Loads the checklist: the bundled checks, and the users' own before them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
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
from readyctl.workflows.checkfolders import own_folders

INDEX = "checklist.yaml"
_STRAYS = ("*.y*ml", "*/*.yml", "*/*/*.y*ml")


def load_checklist(settings: Settings) -> Checklist:
    """Return the checklist of `settings`; of two checks with one id the first folder's wins.

    Raises:
        ConfigError: a check or the index is malformed, or a configured folder does not exist.
    """
    index = load_yaml(bundled("checks", INDEX))
    ours = list(load_checks(bundled("checks")))
    own: dict[str, Check] = {}
    for folder in own_folders(settings):
        for check in load_checks(folder):
            own.setdefault(check.id, check)
    return checklist_from(_mapping(index), ours, own=list(own.values()), disabled=settings.disable)


def load_checks(folder: Path) -> Iterator[Check]:
    """Yield the checks of `folder/<category>/<id>.yaml`, by name."""
    schema = bundled_schema("check-1")
    _refuse_strays(folder)
    for path in sorted(folder.glob("*/*.yaml")):
        document = load_yaml(path)
        validate(document, schema, "E0220", "check")
        yield _placed(check_from(_mapping(document), origin=_origin(path)), path)


def _refuse_strays(folder: Path) -> None:
    # A check that nobody reads is worse than an error: its author relies on it.
    for path in sorted(path for pattern in _STRAYS for path in folder.glob(pattern)):
        if path.name != INDEX:
            raise ConfigError(
                "E0227",
                f"{path.name} is where no check is read",
                where=str(path),
                hint="a check is in CATEGORY/ID.yaml; keep other files elsewhere",
            )


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
