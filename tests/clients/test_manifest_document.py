"""Tests of the manifest's documentation and schema."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from readyctl.clients.manifest import parse_manifest
from readyctl.resources import bundled

_DOCUMENT = Path(__file__).parents[2] / "docs" / "manifest.md"


def _undescribed(schema: Any, path: str = "") -> Iterator[str]:
    if not isinstance(schema, Mapping):
        return
    for name, value in schema.get("properties", {}).items():
        if not {"description", "$ref"} & set(value) and "if" not in path:
            yield f"{path}/{name}"
        yield from _undescribed(value, f"{path}/{name}")
    for name, value in schema.get("$defs", {}).items():
        yield from _undescribed(value, name)
    yield from _undescribed(schema.get("items"), path)


def test_example() -> None:
    """The example of the documentation is a valid manifest."""
    example = re.search(r"```yaml\n(.*?)```", _DOCUMENT.read_text(), re.DOTALL)
    assert example
    assert parse_manifest(example[1], _DOCUMENT).system == "clinic"


@pytest.mark.parametrize("name", ["manifest", "attestation", "waiver"])
def test_schema_describes(name: str) -> None:
    """Every property of a schema says what it is."""
    schema = json.loads(bundled("schemas", f"{name}-1.schema.json").read_text())
    assert list(_undescribed(schema)) == []
