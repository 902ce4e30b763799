"""Turns what a command wrote to a terminal (ANSI on stdin) into an SVG image (on stdout).

    COLUMNS=92 readyctl --color always audit --env local |
      python docs/images/screenshot.py "readyctl audit --env local" 51 >docs/images/audit.svg

The second argument is the number of lines that are shown.
"""

from __future__ import annotations

import re
import sys
from html import escape
from itertools import pairwise

from rich.style import Style
from rich.text import Text

BACKGROUND, FOREGROUND, MUTED = "#0d1117", "#e6edf3", "#9198a1"
# By number: red, green, yellow, blue, magenta, cyan.
COLORS = {1: "#ff7b72", 2: "#3fb950", 3: "#e3b341", 4: "#79c0ff", 5: "#bc8cff", 6: "#56d4dd"}
CHAR, LINE, MARGIN, BAR = 8.43, 19, 16, 40
# System fonts only: an image must not fetch anything.
FONT = "ui-monospace, SFMono-Regular, Menlo, Consolas, 'DejaVu Sans Mono', monospace"


def image(ansi: str, title: str, shown: int) -> str:
    """Return the SVG of the first `shown` lines."""
    lines = [Text.from_ansi(line) for line in ansi.splitlines()[:shown]]
    width = round(max(len(line) for line in lines) * CHAR + 2 * MARGIN)
    height = BAR + LINE * len(lines) + MARGIN
    body = "".join(_row(line, BAR + LINE * (number + 1)) for number, line in enumerate(lines))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img" aria-label="{escape(title)}">'
        f'<rect width="100%" height="100%" rx="8" fill="{BACKGROUND}"/>'
        f'<g font-family="{FONT}" font-size="14" fill="{FOREGROUND}" xml:space="preserve">'
        f'<text x="{MARGIN}" y="26" fill="{MUTED}">$ {escape(title)}</text>{body}</g></svg>\n'
    )


def _row(line: Text, y: int) -> str:
    # Each run has its place and length, so that columns hold in any font.
    return "".join(
        f'<text x="{MARGIN + start * CHAR:.1f}" y="{y}" textLength="{(end - start) * CHAR:.1f}"'
        f' lengthAdjust="spacingAndGlyphs"{_look(style)}>{escape(line.plain[start:end])}</text>'
        for start, end, style in _runs(line)
    )


def _runs(line: Text) -> list[tuple[int, int, Style]]:
    edges = {0, len(line.plain)} | {edge for span in line.spans for edge in (span.start, span.end)}
    return [
        (begin + words.start(), begin + words.end(), _style(line, begin, end))
        for begin, end in pairwise(sorted(edges))
        for words in re.finditer(r"\S+(?: \S+)*", line.plain[begin:end])
    ]


def _style(line: Text, begin: int, end: int) -> Style:
    covering = (span for span in line.spans if span.start <= begin and end <= span.end)
    return Style.combine([Style(), *(Style.parse(str(span.style)) for span in covering)])


def _look(style: Style) -> str:
    number = style.color.number if style.color else None
    color = MUTED if style.dim else COLORS.get((number or 0) % 8, "")
    return (f' fill="{color}"' if color else "") + (' font-weight="700"' if style.bold else "")


if __name__ == "__main__":
    sys.stdout.write(image(sys.stdin.read(), sys.argv[1], int(sys.argv[2])))
