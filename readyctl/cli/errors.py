"""Prints errors: what, cause, where, hint; a traceback only for those who ask."""

from __future__ import annotations

import os
import re
import traceback
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

from readyctl import __version__
from readyctl.cli.console import Terminal
from readyctl.errors import InternalError, ReadyctlError

_CREDENTIALS = re.compile(r"(?<=://)[^/@\s]+@")
_SECRETS = re.compile(
    r"(?i)\b(password|passwd|pwd|secret|token|api_?key|authorization)(\s*[=:]\s*)[^\s,;&\"']+"
)
_ACCESS_KEYS = re.compile(r"\b(AKIA|ASIA)[A-Z0-9]{12,}\b")
_HIDDEN = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f\u200e\u200f\u202a-\u202e\u2066-\u2069]")
_RED, _BOLD, _PLAIN = "\x1b[1;31m", "\x1b[1m", "\x1b[0m"


def redacted(text: str) -> str:
    """Return `text` without credentials in URLs, values of secret settings, and access keys."""
    text = _CREDENTIALS.sub("***@", text)
    text = _SECRETS.sub(r"\1\2***", text)
    return _ACCESS_KEYS.sub("***", text)


def show_error(terminal: Terminal, error: ReadyctlError) -> None:
    """Write an error for people: every part on its own line, the advice after a blank one."""
    lines = list(_lines(error))
    if terminal.color:
        lines = [_colored(line) for line in lines]
    terminal.write("\n".join(lines) + "\n")


def internal(error: BaseException, folder: Path) -> InternalError:
    """Write a log of an unexpected error and return the error that names it.

    The log holds where it happened; not the error's words, which may quote what was read.
    """
    name = type(error).__name__
    log = _log(error, folder)
    return InternalError(
        "E0900",
        "readyctl has a defect",
        cause=f"an unexpected {name}",
        where=str(log) if log else "the log could not be written",
        hint="report it with that file; --debug shows the whole traceback",
    )


def _lines(error: ReadyctlError) -> Iterator[str]:
    yield f"error[{error.code}]: {_clean(error.message)}"
    for name, text in (("cause", error.cause), ("where", error.where)):
        first, *others = _clean(text).splitlines() or [""]
        if first:
            yield f"  {name}: {first}"
            yield from (f"         {line}" for line in others)
    yield ""
    if error.hint:
        yield f"hint: {_clean(error.hint)}"
    yield f"docs: readyctl explain {error.code}"


def _clean(text: str) -> str:
    return _HIDDEN.sub("\ufffd", redacted(text))


def _colored(line: str) -> str:
    head, colon, rest = line.partition(":")
    if not colon:
        return line
    return f"{_RED if line.startswith('error[') else _BOLD}{head}{colon}{_PLAIN}{rest}"


def _log(error: BaseException, folder: Path) -> Path | None:
    now = datetime.now(UTC)
    path = folder / ".readyctl" / "logs" / f"{now:%Y%m%dT%H%M%SZ}-{os.getpid()}.log"
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as file:
            file.write(f"readyctl {__version__}  {now.isoformat(timespec='seconds')}\n")
            file.writelines(f"{line}\n" for line in _frames(error))
    except OSError:
        return None
    return path


def _frames(error: BaseException) -> Iterator[str]:
    seen: BaseException | None = error
    while seen is not None:
        yield f"{type(seen).__module__}.{type(seen).__qualname__}"
        for frame in traceback.extract_tb(seen.__traceback__):
            yield f"  {frame.filename}:{frame.lineno} in {frame.name}"
        seen = seen.__cause__ or seen.__context__
