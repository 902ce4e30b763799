"""Names and texts that are written into statements arrive as they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pglast import parser

from readyctl.clients.sqlwriting import literal, quoted

_TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=30)


@given(_TEXTS)
def test_a_text_is_one_constant(text: str) -> None:
    """Whatever is in it, nothing of it is SQL."""
    tokens = parser.scan(literal(text))
    assert [token.name for token in tokens] == ["SCONST"]


@pytest.mark.parametrize(
    ("names", "written"), [(("a",), '"a"'), (("a", 'b"c'), '"a"."b""c"'), (("A b",), '"A b"')]
)
def test_a_name_is_quoted(names: tuple[str, ...], written: str) -> None:
    """Quotes in it are doubled, and parts are joined by dots."""
    assert quoted(*names) == written
