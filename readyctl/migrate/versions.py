"""The order of versions: numbers, and numbers with dots."""

from __future__ import annotations


def order(version: str) -> tuple[int, ...]:
    """Return what a version is sorted by, and compared: `2` is before `10`, and `01` is `1`."""
    if version.isdecimal():
        return (int(version),)
    return tuple(int(part) for part in version.replace("_", ".").split(".") if part.isdecimal())
