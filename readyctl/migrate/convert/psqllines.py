"""What only psql reads in a file becomes a comment, INSERT statements, or a refusal."""

from __future__ import annotations

import re

from readyctl.migrate.convert.copyrows import copies
from readyctl.migrate.convert.edits import Edit, applied
from readyctl.migrate.psql import blanked

_CONNECT = re.compile(r"\\(?:c|connect)\b")


def plain(text: str, file: str) -> tuple[str, list[tuple[int, str]]]:
    """Return `text` without what only psql reads, and what was done at which line.

    Raises:
        MigrateError: E0441, rows of COPY cannot be read; E0402, psql would read another file.
    """
    done: list[tuple[int, str]] = []
    edits: list[Edit] = []
    for copy in copies(text, file):
        edits.append(Edit(copy.start, copy.stop, copy.text))
        done.append((_line(text, copy.start), f"COPY with {copy.rows} rows became INSERT"))
    text = applied(text, edits)
    if "\\" not in text:
        return text, done
    edits = []
    # The harmless ones are those that the reader of migrations would pass over, and \\connect: the
    # database is whichever one they are applied to.
    seen = blanked(_CONNECT.sub(lambda found: "\\q".ljust(len(found[0])), text), file)
    for found in re.finditer(r"^[ \t]*(\\[A-Za-z?!]+)[^\n]*", text, re.MULTILINE):
        if not seen[found.start() : found.end()].strip():
            edits.append(Edit(found.start(1), found.start(1), "-- "))
            done.append((_line(text, found.start()), f"{found[1]} is a comment now"))
    return applied(text, edits), done


def _line(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1
