"""Writes what people sign: attestations, a file each, and the list of waivers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import date
from pathlib import Path

import yaml

from readyctl.clients.files import read_text, write_text
from readyctl.clients.yamlfile import YamlDocument, load_yaml, parse_yaml
from readyctl.errors import ConfigError
from readyctl.model.attestation import Attestation
from readyctl.model.json import Json
from readyctl.model.waiver import Waiver


def attestation_text(attestation: Attestation) -> str:
    """Return an attestation as its file holds it."""
    return _block(_filled(asdict(attestation)))


def waiver_text(waiver: Waiver) -> str:
    """Return a waiver as an entry of the list of waivers."""
    first, *others = _block(_filled(asdict(waiver))).splitlines()
    return "\n".join([f"- {first}", *(f"  {line}" for line in others)]) + "\n"


def find_attestation(folder: Path, check: str, subject: str) -> Path | None:
    """Return the file of the attestation of `check` for `subject`, whatever its name is."""
    for path in sorted(folder.glob("*.yaml")):
        data = load_yaml(path).data
        signed = data if isinstance(data, Mapping) else {}
        if (signed.get("check"), signed.get("subject", "")) == (check, subject):
            return path
    return None


def remove(path: Path) -> None:
    """Remove a file.

    Raises:
        ConfigError: E0203, that is not possible.
    """
    try:
        path.unlink()
    except OSError as error:
        raise ConfigError(
            "E0203", f"{path.name} cannot be removed", cause=error.strerror or "", where=str(path)
        ) from None


def add_waiver(path: Path, waiver: Waiver) -> None:
    """Append a waiver to the list; what the file holds, comments included, stays as it is."""
    text = read_text(path) if path.exists() else ""
    entries = _entries(parse_yaml(text, path))
    entry = _filled(asdict(waiver))
    appended = text + ("" if not text or text.endswith("\n") else "\n") + waiver_text(waiver)
    _write(path, appended, [*entries, entry])


def remove_waiver(path: Path, check: str) -> None:
    """Take the waiver of `check` out of the list, and leave the rest of the file as it is."""
    text = read_text(path)
    document = parse_yaml(text, path)
    entries = _entries(document)
    index = next(i for i, entry in enumerate(entries) if entry.get("check") == check)
    lines = text.splitlines(keepends=True)
    start = document.line_of((index,)) - 1
    last = index + 1 == len(entries)
    end = len(lines) if last else document.line_of((index + 1,)) - 1
    kept = "".join([*lines[:start], *lines[end:]])
    _write(path, kept, [entry for entry in entries if entry.get("check") != check])


def _write(path: Path, text: str, wanted: Sequence[Mapping[str, Json]]) -> None:
    """Write `text` if it says what is wanted, else the entries in our own form."""
    if not _says(path, text, wanted):
        text = "".join(
            "- " + _block(entry).replace("\n", "\n  ").rstrip() + "\n" for entry in wanted
        )
    write_text(path, text)


def _says(path: Path, text: str, wanted: Sequence[Mapping[str, Json]]) -> bool:
    try:
        return _entries(parse_yaml(text, path)) == list(wanted)
    except ConfigError:
        return False


def _entries(document: YamlDocument) -> list[Mapping[str, Json]]:
    data = document.data
    if not isinstance(data, list):
        return []
    return [entry for entry in data if isinstance(entry, Mapping)]


def _filled(fields: Mapping[str, object]) -> Mapping[str, Json]:
    """Return the fields that say something, dates as people write them."""
    return {
        name: value.isoformat() if isinstance(value, date) else str(value)
        for name, value in fields.items()
        if value != ""
    }


def _block(entry: Mapping[str, Json]) -> str:
    return "".join(f"{name}: {_quoted(value)}\n" for name, value in entry.items())


def _quoted(value: Json) -> str:
    # Quoted, so that no text can be read as anything else.
    text: str = yaml.safe_dump(
        value, default_style='"', allow_unicode=True, width=float("inf"), explicit_end=False
    )
    return text.strip()
