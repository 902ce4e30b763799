"""Runs squawk, a linter of PostgreSQL migrations, over texts; it needs no network."""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import msgspec

_TIMEOUT_SECONDS = 60


@dataclass(frozen=True, slots=True)
class Violation:
    """What squawk says of a place: `text` counts the texts; line and column count from 1."""

    text: int
    rule: str
    message: str
    help: str
    line: int
    column: int


class SquawkFailed(Exception):
    """Squawk is not there, or did not do its work; the reason is the exception's text."""


class _Entry(msgspec.Struct):
    file: str
    line: int
    column: int
    message: str
    rule_name: str
    help: str | None = None


def run(texts: Sequence[str]) -> list[Violation]:
    """Return what all of squawk's rules say of SQL texts, in their order.

    Raises:
        SquawkFailed: it is not installed, did not end, or answered what cannot be read.
    """
    if not texts:
        return []
    with tempfile.TemporaryDirectory(prefix="readyctl-squawk-") as name:
        folder = Path(name)
        # An empty configuration, so that squawk does not look for another above the folder.
        (folder / ".squawk.toml").write_text("", encoding="utf-8")
        for number, text in enumerate(texts):
            (folder / f"{number}.sql").write_text(text, encoding="utf-8", newline="")
        entries = _answer(_program(), folder)
    rows = [text.split("\n") for text in texts]
    try:
        return [_violation(entry, rows) for entry in entries]
    except (ValueError, IndexError):
        raise SquawkFailed("it names a file that it was not given") from None


def _program() -> str:
    beside = Path(sys.executable).parent / "squawk"
    found = str(beside) if beside.is_file() else shutil.which("squawk")
    if not found:
        raise SquawkFailed("squawk is not installed")
    return found


def _answer(program: str, folder: Path) -> list[_Entry]:
    arguments = [program, "--reporter", "json", "--pg-version", "15.0", "*.sql"]
    try:
        done = subprocess.run(
            arguments, cwd=folder, capture_output=True, timeout=_TIMEOUT_SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        raise SquawkFailed(f"squawk did not end within {_TIMEOUT_SECONDS} s") from None
    except OSError as error:
        raise SquawkFailed(f"squawk cannot be started: {error.strerror}") from None
    try:
        # 1 says that there are violations, and also that squawk failed: then nothing is written.
        return msgspec.json.decode(done.stdout, type=list[_Entry])
    except msgspec.MsgspecError:
        raise SquawkFailed(f"squawk ended with {done.returncode} and no answer") from None


def _violation(entry: _Entry, rows: Sequence[Sequence[str]]) -> Violation:
    number = int(Path(entry.file).stem)
    row = rows[number][entry.line] if entry.line < len(rows[number]) else ""
    # Squawk counts lines from 0, and columns in bytes of UTF-8.
    column = len(row.encode()[: entry.column].decode(errors="ignore"))
    return Violation(
        number, entry.rule_name, entry.message, entry.help or "", entry.line + 1, column + 1
    )
