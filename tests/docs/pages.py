"""Reads the project's Markdown: its pages, links, headings and blocks of code."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

_BLOCK = re.compile(r"^```(\w*)[^\n]*\n(.*?)^```", re.DOTALL | re.MULTILINE)
_LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)", re.DOTALL)
_HEADING = re.compile(r"^#{1,6} +(.+?) *$", re.MULTILINE)
_SPAN = re.compile(r"`([^`]+)`")


@dataclass(frozen=True, slots=True)
class Page:
    """One Markdown file."""

    path: Path

    @property
    def name(self) -> str:
        """The path from the project's root."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def text(self) -> str:
        """The whole text."""
        return self.path.read_text(encoding="utf-8")

    @property
    def prose(self) -> str:
        """The text without blocks of code."""
        return _BLOCK.sub("", self.text)

    def blocks(self, language: str) -> list[str]:
        """Return the blocks of code in one language."""
        return [body for name, body in _BLOCK.findall(self.text) if name == language]

    def links(self) -> list[str]:
        """Return the targets of links and images."""
        return _LINK.findall(_SPAN.sub("", self.prose))

    def anchors(self) -> set[str]:
        """Return the anchors that GitHub gives to the headings."""
        seen: Counter[str] = Counter()
        found = set()
        for heading in _HEADING.findall(self.prose):
            slug = _slug(heading)
            found.add(f"{slug}-{seen[slug]}" if seen[slug] else slug)
            seen[slug] += 1
        return found

    def command_lines(self) -> Iterator[str]:
        """Yield each command line of readyctl: in consoles, workflows and between backticks."""
        for language in ("console", "sh", "yaml"):
            for block in self.blocks(language):
                lines = re.findall(r"^(?:\$ | *- run: )?(readyctl\b.*)$", block, re.MULTILINE)
                yield from (line for line in lines if not line.startswith("readyctl:"))
        for span in _SPAN.findall(self.prose):
            if re.match(r"readyctl\s", span):
                yield " ".join(span.split())


def pages() -> list[Page]:
    """Return every page of the project, its own folders only."""
    found = [*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")]
    found += [*(ROOT / "benchmarks").glob("*.md"), *(ROOT / "templates").glob("*.md")]
    return [Page(path) for path in sorted(found)]


def _slug(heading: str) -> str:
    text = re.sub(r"\[([^\]]*)\]\([^)]*\)", r"\1", heading).lower()
    return re.sub(r"[^\w\- ]", "", text).replace(" ", "-")
