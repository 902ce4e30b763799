"""Keeps text that others chose (names, messages, reasons) text in a terminal and in Markdown."""

from __future__ import annotations

import re
import unicodedata

_REPLACEMENT = "\ufffd"
# Cc control, Cf format (bidi overrides, zero width, tags), Cs surrogates, Zl and Zp separators.
_HIDDEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})
# Joiners are format characters too, but Persian, Indic scripts and emoji are misspelt without them.
_JOINERS = frozenset("\u200c\u200d")
_SPACE = re.compile(r"[ \t\r\n\f\v\u2028\u2029]+")

_ENTITIES = str.maketrans({"&": "&amp;", "<": "&lt;", ">": "&gt;", "|": "&#124;"})
# GitHub makes links and mentions of bare addresses too; an entity within them stops that.
_SPECIAL = re.compile(
    r"""(?P<entity> [&<>|@] | (?<=[A-Za-z]):(?=//) | (?<=[wW][wW][wW])\. | \#(?=\d) )
      | [\\`*\[\]~$] | (?<![^\W_])_ | _(?![^\W_])""",
    re.VERBOSE,
)
_LEADING = re.compile(r"^([#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))")
_CODE = re.compile(r"(?<!`)`([^`|\s](?:[^`|]*[^`|\s])?)`(?!`)")
_LINK = re.compile(r"https?://[A-Za-z0-9./_~%#?=&:+,;@-]+")


class Rendered(str):
    """Markdown that is safe to output as it is."""

    __slots__ = ()

    def __html__(self) -> str:
        """Return the text itself, so that the template engine does not escape it again."""
        return str(self)


def visible(text: str) -> str:
    """Return `text` on one line, with each control, bidi or invisible character made visible."""
    one_line = _SPACE.sub(" ", text).strip()
    return "".join(_REPLACEMENT if _is_hidden(char) else char for char in one_line)


def harmless(text: str) -> str:
    """Return `text` with its lines and spaces, all else that is not visible made so."""
    return "".join(_REPLACEMENT if char != "\n" and _is_hidden(char) else char for char in text)


def to_ascii(text: str) -> str:
    """Return `text` with every other character written as its escape."""
    return text.replace(_REPLACEMENT, "?").encode("ascii", "backslashreplace").decode("ascii")


def markdown(text: str) -> Rendered:
    """Return `text` so that it reads the same and makes no structure in a line or a table cell.

    Words between backticks become inline code, which cannot hold any structure either.
    """
    # Every other part is the content of a pair of backticks.
    parts = _CODE.split(visible(text))
    escaped = "".join(
        f"`{part}`" if place % 2 else _SPECIAL.sub(_escape_special, part)
        for place, part in enumerate(parts)
    )
    return Rendered(_LEADING.sub(_escape_leading, escaped))


def code(text: str) -> Rendered:
    """Return `text` as inline code; one that backticks cannot hold becomes plain text."""
    shown = visible(text)
    if not shown:
        return Rendered("")
    return markdown(shown) if "`" in shown or "|" in shown else Rendered(f"`{shown}`")


def code_block(lines: tuple[str, ...], indent: int = 0) -> Rendered:
    """Return a fenced block of shell commands that none of `lines` can close."""
    shown = [visible_line for line in lines for visible_line in _command_lines(line)]
    runs = [len(run) for line in shown for run in re.findall(r"`+", line)]
    fence = "`" * max(3, 1 + max(runs, default=0))
    block = (f"{fence}sh", *shown, fence)
    return Rendered(f"\n{' ' * indent}".join(block))


def link(address: str) -> Rendered:
    """Return an http(s) `address` as a link, and anything else as text."""
    return Rendered(f"<{address}>") if _LINK.fullmatch(address) else markdown(address)


def html(text: str) -> Rendered:
    """Return `text` for a line of HTML, where Markdown is not read."""
    return Rendered(visible(text).translate(_ENTITIES))


def _escape_special(match: re.Match[str]) -> str:
    char = match.group()
    if not match["entity"]:
        return f"\\{char}"
    return char.translate(_ENTITIES) if char in "&<>|" else f"&#{ord(char)};"


def _escape_leading(match: re.Match[str]) -> str:
    mark = match.group()
    return f"{mark}\\" if mark.isdigit() else f"\\{mark}"


def _is_hidden(char: str) -> bool:
    return unicodedata.category(char) in _HIDDEN and char not in _JOINERS


def _command_lines(command: str) -> list[str]:
    lines = command.split("\n")
    indents = [len(line) - len(line.lstrip(" ")) for line in lines]
    shown = [visible(line) for line in lines]
    return [" " * indent + line for indent, line in zip(indents, shown, strict=True) if line]
