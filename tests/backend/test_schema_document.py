"""The table of docs/schema.md says who sees what, as the tests of row-level security do."""

from __future__ import annotations

import re
from pathlib import Path

from tests.backend.matrix import ROLES
from tests.backend.test_row_level_security import SEEN

_DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "schema.md"
_ROW = re.compile(r"^\| `(\w+)` \|((?: ?x? ?\|){8})$", re.MULTILINE)


def test_the_document_has_every_cell() -> None:
    """Each table and role of the document is what the tests show."""
    text = _DOCUMENT.read_text(encoding="utf-8")
    found = {
        table: frozenset(
            subject
            for subject, cell in zip(ROLES, cells.split("|"), strict=False)
            if cell.strip() == "x"
        )
        for table, cells in _ROW.findall(text)
    }
    assert found == SEEN
