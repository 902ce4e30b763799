"""Compares a report with its golden file; `make golden` writes the files anew."""

from __future__ import annotations

import os
from pathlib import Path

GOLDEN = Path(__file__).parent.parent / "golden"


def assert_golden(name: str, actual: bytes) -> None:
    """Fail unless `actual` is the content of the golden file `name`."""
    path = GOLDEN / name
    if os.environ.get("READYCTL_UPDATE_GOLDEN") == "1":
        path.write_bytes(actual)
    assert path.is_file(), f"{path.name} is missing; run `make golden`"
    assert actual.decode() == path.read_bytes().decode(), "see the difference, then `make golden`"
