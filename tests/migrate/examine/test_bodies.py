"""Bodies of PL/pgSQL, read by tokens."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from readyctl.migrate.examine.plpgsql.reading import read_body
from readyctl.migrate.examine.plpgsql.tree import Sql

_WORDS = st.text(st.characters(exclude_characters="'\\\0\r", exclude_categories=["Cs"]), max_size=9)


@given(st.lists(_WORDS, min_size=1, max_size=5))
def test_every_statement_is_read_as_it_stands(words: list[str]) -> None:
    """Whatever stands in constants, each statement is read whole, with its own line."""
    texts = [f"select '{word}', 'ä;', $q$ end; {number} $q$" for number, word in enumerate(words)]
    _, block = read_body(
        "begin\n" + "".join(f"perform{text[6:]}; -- ö ;\n" for text in texts) + "end"
    )
    found = [node for node in block.body if isinstance(node, Sql)]
    line = 2
    for node, text in zip(found, texts, strict=True):
        assert (node.code.text, node.code.line) == (text, line)
        line += text.count("\n") + 1
