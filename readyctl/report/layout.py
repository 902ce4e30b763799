"""Lays out lines of styled text at a given width; the terminal reports are made of these."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from io import StringIO

from rich.cells import cell_len, set_cell_size
from rich.console import Console
from rich.text import Text

from readyctl.report.escape import to_ascii, visible

# Fewer columns than this are too few to read a sentence in.
_NARROW = 28


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell of a table line."""

    text: str
    style: str = ""
    right: bool = False


@dataclass(slots=True)
class Page:
    """Collects lines; text of any origin is made visible, and nothing in it is markup."""

    width: int
    ascii_only: bool
    lines: list[Text] = field(default_factory=list)

    def clean(self, text: str) -> str:
        """Return `text` on one line, in the characters that the stream can show."""
        shown = visible(text)
        return to_ascii(shown) if self.ascii_only else shown

    def line(self, *parts: tuple[str, str] | str, indent: int = 0, hang: int = 0) -> None:
        """Add text in styled parts, wrapped at the width; later lines hang by `hang` more."""
        text = Text()
        for part in parts:
            content, style = (part, "") if isinstance(part, str) else part
            text.append(self._spaced(content), style or None)
        self._wrap(text, " " * indent, " " * (indent + hang))

    def unbroken(self, text: str, style: str = "", *, indent: int = 0) -> None:
        """Add one line that is never wrapped, so that it can be copied."""
        self.lines.append(Text(" " * indent) + Text(self.clean(text), style))

    def blank(self) -> None:
        """Add an empty line."""
        self.lines.append(Text())

    def title(self, text: str) -> None:
        """Add an empty line and a heading."""
        self.blank()
        self.line((text, "bold"))

    def row(self, cells: Sequence[Cell], widths: Sequence[int], *, indent: int = 2) -> None:
        """Add one table line; a cell that is too long is cut, so that a row stays a line."""
        text = Text(" " * indent)
        for cell, width in zip(cells, widths, strict=True):
            text.append(self._fit(cell, width), cell.style or None)
            text.append("  ")
        text.rstrip()
        self.lines.append(text)

    def entry(self, head: Iterable[tuple[str, str, int]], body: str, *, indent: int = 2) -> None:
        """Add columns of fixed width and a text that wraps beside them, or below if too narrow."""
        text = Text()
        for content, style, width in head:
            text.append(set_cell_size(self.clean(content), width), style or None)
            text.append("  ")
        hang = indent + cell_len(text.plain)
        if self.width - hang < _NARROW:
            text.rstrip()
            self._wrap(text, " " * indent, " " * (indent + 2))
            self._wrap(Text(self.clean(body)), " " * (indent + 2), " " * (indent + 2))
            return
        wrapped = self._broken(Text(self.clean(body)), self.width - hang)
        self.lines.append(Text(" " * indent) + text + wrapped[0])
        self.lines.extend(Text(" " * hang) + line for line in wrapped[1:])

    def text(self, *, color: bool) -> str:
        """Return the page as text, with ANSI styles if `color`."""
        stream = StringIO()
        console = Console(
            file=stream,
            width=max(self.width, 20),
            height=25,
            force_terminal=color,
            color_system="standard" if color else None,
            no_color=not color,
            markup=False,
            highlight=False,
            emoji=False,
            legacy_windows=False,
            _environ={},
        )
        for line in self.lines:
            line.rstrip()
            console.print(line, soft_wrap=True)
        return stream.getvalue()

    def _spaced(self, content: str) -> str:
        # The spaces around a part are layout; those within may be anything.
        left = " " * (len(content) - len(content.lstrip(" ")))
        right = " " * (len(content) - len(content.rstrip(" "))) if content.strip(" ") else ""
        return f"{left}{self.clean(content)}{right}"

    def _fit(self, cell: Cell, width: int) -> str:
        content = self.clean(cell.text)
        if cell_len(content) > width:
            content = set_cell_size(content, max(width - 3, 0)) + "..."[:width]
        padding = " " * (width - cell_len(content))
        return padding + content if cell.right else content + padding

    def _wrap(self, text: Text, first: str, later: str) -> None:
        wrapped = self._broken(text, self.width - len(later))
        self.lines.append(Text(first) + wrapped[0])
        self.lines.extend(Text(later) + line for line in wrapped[1:])

    def _broken(self, text: Text, width: int) -> list[Text]:
        console = Console(file=StringIO(), width=max(width, 12), _environ={})
        return list(text.wrap(console, max(width, 12))) or [Text()]
