"""The table of how tools behave: each of readyctl's cells has its test."""

from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.behaviour import DOCUMENT, OURS, SCENARIOS

_ROOT = Path(__file__).parent.parent.parent


@pytest.mark.parametrize("row", OURS)
def test_each_cell_has_its_test(row: str) -> None:
    """A test that is renamed or taken away takes its cell with it."""
    file, _, name = OURS[row][1].partition("::")
    assert f"def {name}(" in (_ROOT / file).read_text(encoding="utf-8")


def test_the_table_has_every_row() -> None:
    """Every scenario was run when the table was written."""
    assert list(OURS) == list(SCENARIOS)
    text = DOCUMENT.read_text(encoding="utf-8")
    assert [row for row in OURS if f"| {row} | {OURS[row][0]} |" not in text] == []
