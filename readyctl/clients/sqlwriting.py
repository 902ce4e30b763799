"""Writes names and texts as SQL, where a statement cannot have them as parameters."""

from __future__ import annotations


def quoted(*names: str) -> str:
    """Return a name, dotted where there are several, in double quotes."""
    return ".".join('"' + name.replace('"', '""') + '"' for name in names)


def literal(text: str) -> str:
    """Return a text as a constant that reads the same whatever standard_conforming_strings says."""
    return "E'" + text.replace("\\", "\\\\").replace("'", "''") + "'"
