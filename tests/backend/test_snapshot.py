"""The recorded schema of the backend is what its migrations make today."""

from __future__ import annotations

from pathlib import Path

import pytest

from readyctl.migrate.source import read_folder
from readyctl.resources import bundled
from readyctl.workflows.sides import Asked
from readyctl.workflows.verify import record

pytestmark = pytest.mark.environment


def test_the_snapshot_is_fresh(tmp_path: Path) -> None:
    """`make docs` writes it again."""
    source = read_folder(bundled("backend", "migrations"))
    asked = Asked("", source=source, application_role="readyctl_app")
    record(asked, tmp_path / "schema.json", lambda _: None)
    made = (tmp_path / "schema.json").read_text(encoding="utf-8")
    assert made == bundled("backend", "schema.json").read_text(encoding="utf-8")
