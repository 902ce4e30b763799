"""Writes the first configuration of a system."""

from __future__ import annotations

import re
from pathlib import Path

from readyctl.clients.files import read_text, write_text
from readyctl.config.discovery import FILE_NAME
from readyctl.errors import UsageError
from readyctl.resources import bundled

_RULES = {
    "--system": (re.compile(r"[a-z][a-z0-9-]{0,39}"), "lower case letters, digits and dashes"),
    "--account": (re.compile(r"[0-9]{12}"), "twelve digits"),
    "--region": (re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]"), "for example us-east-1"),
}


def refuse_existing(folder: Path) -> None:
    """Stop where there is a configuration.

    Raises:
        UsageError: E0105, there is one.
    """
    path = folder / FILE_NAME
    if path.exists():
        raise UsageError(
            "E0105",
            f"{FILE_NAME} exists already",
            where=str(path),
            hint="change that file, or remove it first",
        )


def refuse(option: str, value: str) -> None:
    """Stop at a value that cannot be right.

    Raises:
        UsageError: E0107.
    """
    rule, hint = _RULES[option]
    if not rule.fullmatch(value):
        raise UsageError("E0107", f"{option} cannot be {value}", hint=hint)


def init(folder: Path, *, system: str, account: str, region: str) -> tuple[Path, ...]:
    """Write `config.yaml` and the folder of checks; return what was written.

    Raises:
        UsageError: E0107, a value cannot be right; E0105, there is a configuration.
    """
    for option, value in (("--system", system), ("--account", account), ("--region", region)):
        refuse(option, value)
    refuse_existing(folder)
    text = read_text(bundled("templates", "config.yaml"))
    for mark, value in (("SYSTEM", system), ("ACCOUNT", account), ("REGION", region)):
        text = text.replace(mark, value)
    config, readme = folder / FILE_NAME, folder / "checks" / "README.md"
    write_text(config, text)
    if not readme.exists():
        write_text(readme, read_text(bundled("templates", "checks-readme.md")))
    return config, readme
