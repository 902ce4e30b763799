"""Tests that text which others chose stays text."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from readyctl.report.escape import code, code_block, html, link, markdown, to_ascii, visible

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])
_TEXTS = st.text(
    st.sampled_from("ab 1.`|*_~<>&[]()!#+-=:/@$\\\n\t\x1b\u202e\u200b\"'w"), max_size=30
)


def _types(text: str) -> list[str]:
    tokens = _PARSER.parse(text)
    inner = [child.type for token in tokens for child in token.children or ()]
    return [token.type for token in tokens] + [kind for kind in inner if kind != "code_inline"]


@given(_TEXTS)
def test_markdown_makes_nothing_but_text(text: str) -> None:
    """Any text in a list item is one paragraph of text and code."""
    shape = _types(f"- x\n- {markdown(text)}\n- {code(text)}")
    allowed = ("bullet_list_", "list_item_", "paragraph_", "inline", "text")
    assert [kind for kind in shape if not kind.startswith(allowed)] == []


@given(_TEXTS)
def test_markdown_stays_in_its_cell(text: str) -> None:
    """Any text in a table leaves the table as it is."""
    table = f"| a | b |\n|:--|:--|\n| {markdown(text)} | {code(text)} |\n"
    assert _types(table).count("td_open") == 2


@given(_TEXTS)
def test_markdown_reads_the_same(text: str) -> None:
    """What a reader sees is the text itself, on one line."""
    (block,) = [token for token in _PARSER.parse(f"x{markdown(text)}x") if token.children]
    seen = "".join(child.content for child in block.children or ())
    unquoted = visible(text).replace("`", "")
    assert seen.replace("`", "") == f"x{unquoted}x"


@given(_TEXTS)
def test_hidden_characters_become_visible(text: str) -> None:
    """No control, bidi or zero-width character is left."""
    assert not set("\n\t\x1b\u202e\u200b") & set(visible(text))


@pytest.mark.parametrize("text", ["http://x.y", "see www.x.y", "a@x.y", "#12", "ftp://x"])
def test_addresses_do_not_become_links(text: str) -> None:
    """GitHub makes a link of a bare address; the escaped one has none."""
    assert not any(mark in markdown(text) for mark in ("://", "www.", "@", "#1"))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("functions-deployed has_no 3.1 (x)", "functions-deployed has_no 3.1 (x)"),
        ("run `readyctl doctor` now", "run `readyctl doctor` now"),
        ("1. first", "1\\. first"),
        ("a|b", "a&#124;b"),
    ],
)
def test_plain_text_stays_readable(text: str, expected: str) -> None:
    """Only what would make structure is escaped."""
    assert markdown(text) == expected


@given(st.lists(_TEXTS, max_size=3))
def test_commands_cannot_leave_their_block(commands: list[str]) -> None:
    """A fenced block holds every command, whatever fences the commands contain."""
    text = f"{code_block(tuple(commands))}\n"
    assert [token.type for token in _PARSER.parse(text)] == ["fence"]


@pytest.mark.parametrize("address", ["javascript:alert(1)", "https://a> <b", "file:///etc", "x"])
def test_only_web_addresses_become_links(address: str) -> None:
    """A reference that is no plain http(s) address is shown as text."""
    assert "link_open" not in _types(link(address))


def test_web_address_becomes_a_link() -> None:
    """An http(s) reference can be followed."""
    assert "link_open" in _types(link("https://docs.aws.amazon.com/a?b=c#d"))


@given(_TEXTS)
def test_html_line_holds_no_tag(text: str) -> None:
    """Text for a line of HTML has no markup of its own."""
    assert not set("<>") & set(html(text))


def test_ascii_writes_other_characters_as_escapes() -> None:
    """What an ASCII stream cannot show is written as its escape, never dropped."""
    assert to_ascii("Zo\u00eb \ufffd") == "Zo\\xeb ?"
