"""Edits of a text in place: what is not edited stays as it is, to the byte."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Edit:
    """Characters from `start` up to `stop` become `text`."""

    start: int
    stop: int
    text: str


def applied(text: str, edits: Iterable[Edit]) -> str:
    """Return `text` with its edits; of two that overlap the one that begins first wins.

    Insertions at one place keep their order.
    """
    parts: list[str] = []
    end = 0
    for edit in sorted(edits, key=lambda found: (found.start, -found.stop)):
        if edit.start < end:
            continue
        parts += [text[end : edit.start], edit.text]
        end = edit.stop
    return "".join([*parts, text[end:]])


def commented(text: str, comments: Iterable[tuple[int, int]], start: int, stop: int) -> list[Edit]:
    """Return the edits that make code a comment, and leave the comments in it as they are.

    What stands behind it on its last line goes on a line of its own.
    """
    edits: list[Edit] = []
    inside = [span for span in comments if start <= span[0] < stop]
    at = start
    rest = text[stop : _line_end(text, stop)].strip()
    commented_after = rest.startswith(("--", "/*"))
    for begin, end in [*inside, (stop, stop)]:
        edits += _code(text, at, begin, comment_follows=begin < stop or commented_after)
        at = end
    if rest and not commented_after:
        edits.append(Edit(stop, stop, _newline(text)))
    return edits


def _code(text: str, start: int, stop: int, *, comment_follows: bool) -> list[Edit]:
    edits: list[Edit] = []
    at = start
    while at < stop:
        end = min(_line_end(text, at), stop)
        code = text[at:end]
        if code.strip():
            first = at + len(code) - len(code.lstrip())
            last = at + len(code.rstrip())
            shared = comment_follows and end == stop
            if shared and "*/" not in code and "/*" not in code:
                edits += [Edit(first, first, "/* "), Edit(last, last, " */")]
            else:
                edits.append(Edit(first, first, "-- "))
                if shared:
                    edits.append(Edit(end, end, _newline(text)))
        at = end + 1
    return edits


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def _newline(text: str) -> str:
    return "\r\n" if "\r\n" in text else "\n"
