"""Reads what a file says about itself: `-- readyctl: name=value`, before its first statement."""

from __future__ import annotations

import re
from collections.abc import Iterator

from readyctl.errors import MigrateError

_HEADER = re.compile(r"^[ \t]*--[ \t]*readyctl:[ \t]*(.*?)[ \t]*$", re.MULTILINE)
# What allows a flaw of lint where it is has words of its own behind it.
_ALLOWING = "allow="
_DURATION = re.compile(r"(\d+(?:\.\d+)?)(ms|s|min)?")
_UNITS = {"ms": 1, "s": 1_000, "min": 60_000}
_TIMEOUTS = ("lock-timeout", "statement-timeout")
_FORMS = {
    "transaction": re.compile("on|off"),
    **dict.fromkeys(_TIMEOUTS, _DURATION),
}


def headers(text: str, file: str) -> tuple[tuple[str, str], ...]:
    """Return the names and values of a file's headers; `text` is what precedes its statements.

    Raises:
        MigrateError: E0437, readyctl knows no such header, or it cannot have this value.
    """
    return tuple(_pairs(text, file)) if "readyctl:" in text else ()


def milliseconds(value: str) -> int:
    """Return a duration such as `5s`, `200ms` or `1min`; a bare number is seconds."""
    found = _DURATION.fullmatch(value)
    return int(float(found[1]) * _UNITS[found[2] or "s"]) if found else 0


def _pairs(text: str, file: str) -> Iterator[tuple[str, str]]:
    for header in _HEADER.finditer(text):
        if header[1].startswith(_ALLOWING):
            continue
        for word in header[1].replace(",", " ").split():
            name, _, value = word.partition("=")
            if name not in _FORMS or not _FORMS[name].fullmatch(value):
                line = text.count("\n", 0, header.start(1)) + 1
                raise _unknown(word, name, f"{file}:{line}")
            yield name, value


def _unknown(word: str, name: str, where: str) -> MigrateError:
    known = name in _FORMS
    return MigrateError(
        "E0437",
        f"readyctl knows no header {word}",
        cause=f"{name} cannot have this value" if known else "nothing is passed over by mistake",
        where=where,
        hint="write transaction=off or on, lock-timeout=5s, statement-timeout=1min",
    )
