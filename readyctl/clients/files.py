"""Reads and writes files: typed errors, whole writes, digests."""

from __future__ import annotations

import hashlib
import os
import stat
import tempfile
from pathlib import Path

from readyctl.errors import ConfigError

MAX_BYTES = 10_000_000


def read_bytes(path: Path, most: int = 0) -> bytes:
    """Return the bytes of a file of `most` bytes, 10 MB unless told.

    Raises:
        ConfigError: it is missing, unreadable, not a regular file, or larger.
    """
    try:
        found = path.stat()
        if not stat.S_ISREG(found.st_mode):
            raise _unreadable(path, _instead(path))
        most = most or MAX_BYTES
        if found.st_size > most:
            raise _unreadable(path, f"it is larger than {most // 1_000_000} MB")
        return path.read_bytes()
    except FileNotFoundError:
        raise _unreadable(path, _instead(path)) from None
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


def write_text(path: Path, text: str, *, mode: int = 0o644) -> None:
    """Replace a file as a whole: a reader, or a crash, sees the old text or the new one.

    What is no file, such as a device or a pipe, is written to as it is. A link is refused: it would
    be lost, or lead the text to where nobody meant it to go.

    Raises:
        ConfigError: E0203, the file cannot be written.
    """
    try:
        if _is_special(path):
            _write_through(path, text)
            return
        if path.is_symlink():
            raise _unwritable(path, "it is a link", "name the file itself")
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
                os.fchmod(file.fileno(), mode)
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(
            path,
            error.strerror or "",
            "check the folder's permissions and the space that is left",
        ) from None


def write_bytes(path: Path, data: bytes) -> None:
    """Replace a file as a whole, as `write_text` does.

    Raises:
        ConfigError: E0203, the file cannot be written.
    """
    try:
        if path.is_symlink():
            raise _unwritable(path, "it is a link", "name the file itself")
        descriptor, temporary = tempfile.mkstemp(prefix=f".{path.name}.", dir=path.parent)
        try:
            with os.fdopen(descriptor, "wb") as file:
                os.fchmod(file.fileno(), 0o644)
                file.write(data)
            Path(temporary).replace(path)
        except BaseException:
            Path(temporary).unlink(missing_ok=True)
            raise
    except OSError as error:
        raise _unwritable(path, error.strerror or "", "check the folder's permissions") from None


def make_folder(folder: Path) -> None:
    """Make a folder and those above it.

    Raises:
        ConfigError: E0203, it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _unwritable(
            folder, error.strerror or "", "check the permissions of the folder around it"
        ) from None


def make_private(folder: Path) -> None:
    """Make a folder that only its owner can enter.

    Raises:
        ConfigError: E0203, it cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)
    except OSError as error:
        raise _unwritable(
            folder, error.strerror or "", "check the permissions of the folder around it"
        ) from None


def sha256(data: bytes) -> str:
    """Return the digest of bytes, in 64 hexadecimal digits."""
    return hashlib.sha256(data).hexdigest()


def shown(path: Path, root: Path) -> str:
    """Return how a path is written in facts: from `root` where it lies inside, with slashes."""
    return (path.relative_to(root) if path.is_relative_to(root) else path).as_posix()


def _is_special(path: Path) -> bool:
    return path.exists() and not path.is_file() and not path.is_dir()


def _write_through(path: Path, text: str) -> None:
    # Nothing may take the place of a device; a pipe that nobody reads is an error, not a wait.
    descriptor = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
    os.set_blocking(descriptor, True)
    with os.fdopen(descriptor, "w", encoding="utf-8", newline="") as file:
        file.write(text)


def _instead(path: Path) -> str:
    if path.is_dir():
        return "it is a folder"
    return "it is not a regular file" if path.exists() else "there is no such file"


def _unwritable(path: Path, cause: str, hint: str) -> ConfigError:
    return ConfigError(
        "E0203",
        f"{path.name or path} cannot be written",
        cause=cause,
        where=str(path),
        hint=hint,
    )


def _unreadable(path: Path, cause: str) -> ConfigError:
    return ConfigError(
        "E0202",
        f"{path.name or path} cannot be read",
        cause=cause,
        where=str(path),
        hint="check the path, and that you may read it",
    )
