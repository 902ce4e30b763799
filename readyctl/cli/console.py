"""Decides how each stream is written: colour, width, characters, and whether somebody is there."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TextIO

from readyctl.errors import ClientError

WIDTHS = (40, 200)
_DEFAULT_WIDTH = 80
_GLYPHS = "✓✗✎…•·"


class ReaderLeft(Exception):
    """Whoever read the stream has left, as `head` does."""


class Color(StrEnum):
    """When output is coloured."""

    AUTO = "auto"
    ALWAYS = "always"
    NEVER = "never"


@dataclass(frozen=True, slots=True)
class Terminal:
    """One stream, and what it can show. `interactive` is false wherever a script may read."""

    stream: TextIO
    color: bool
    width: int
    ascii_only: bool
    interactive: bool

    def write(self, text: str) -> None:
        """Write `text`; what the stream cannot encode is written as its escape.

        Raises:
            ReaderLeft: nobody reads the stream any more.
            ClientError: E0205, the stream takes no more.
        """
        encoding = self.stream.encoding or "utf-8"
        try:
            self.stream.write(text.encode(encoding, "backslashreplace").decode(encoding))
            self.stream.flush()
        except BrokenPipeError:
            raise ReaderLeft from None
        except OSError as error:
            raise ClientError(
                "E0205",
                "the output cannot be written",
                cause=error.strerror or "",
                hint="check the space that is left where the output goes",
            ) from None


def terminal(
    stream: TextIO, variables: Mapping[str, str], choice: Color = Color.AUTO, *, no_input: bool
) -> Terminal:
    """Return how `stream` is written, by what it is and what the variables ask."""
    tty = stream.isatty()
    return Terminal(
        stream=stream,
        color=_color(choice, variables, tty=tty),
        width=_width(stream, variables, tty=tty),
        ascii_only=_ascii(stream, variables),
        interactive=tty and not no_input and not variables.get("CI"),
    )


def _color(choice: Color, variables: Mapping[str, str], *, tty: bool) -> bool:
    if choice is not Color.AUTO:
        return choice is Color.ALWAYS
    if variables.get("NO_COLOR"):
        return False
    if variables.get("FORCE_COLOR", "0") not in ("", "0"):
        return True
    return tty and variables.get("TERM") != "dumb"


def _width(stream: TextIO, variables: Mapping[str, str], *, tty: bool) -> int:
    columns = variables.get("COLUMNS", "")
    if columns.isascii() and columns.isdigit() and len(columns) < 6:
        width = int(columns)
    elif tty:
        width = _terminal_columns(stream)
    else:
        width = _DEFAULT_WIDTH
    return min(max(width, WIDTHS[0]), WIDTHS[1])


def _terminal_columns(stream: TextIO) -> int:
    try:
        return os.get_terminal_size(stream.fileno()).columns or _DEFAULT_WIDTH
    except OSError:
        return _DEFAULT_WIDTH


def _ascii(stream: TextIO, variables: Mapping[str, str]) -> bool:
    # Python turns the C locale into UTF-8 for itself; the terminal stays what it was.
    posix = ("C", "POSIX")
    if variables.get("LC_ALL", "") in posix:
        return True
    coerced = variables.get("LC_CTYPE", "") in ("", "C.UTF-8", "C.utf8", "UTF-8", *posix)
    if not variables.get("LC_ALL") and variables.get("LANG", "") in posix and coerced:
        return True
    try:
        _GLYPHS.encode(stream.encoding or "ascii")
    except (UnicodeEncodeError, LookupError):
        return True
    return False
