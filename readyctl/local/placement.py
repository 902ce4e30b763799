"""Decides as which user PostgreSQL runs, and where its files may lie for that user."""

from __future__ import annotations

import os
import pwd
import secrets
import stat
import tempfile
from dataclasses import dataclass
from pathlib import Path

from readyctl.errors import LocalError
from readyctl.local.processes import Account
from readyctl.local.startup import Startup
from readyctl.local.state import directory

PREFIX = "readyctl-postgres-"


@dataclass(frozen=True, slots=True)
class Placement:
    """A private directory of the server, and the user it runs as; None is the present user."""

    home: Path
    account: Account | None

    def write_private(self, name: str, text: str) -> Path:
        """Write a file that only the server's user can read."""
        path = self.home / name
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
            stream.write(text)
        if self.account:
            os.chown(path, self.account.uid, self.account.gid)
        return path

    def reaches(self, path: Path) -> bool:
        """Tell whether the server's user can run this program."""
        if self.account is None:
            return os.access(path, os.R_OK | os.X_OK)
        return _open_to_others(path)


def place(root: Path, startup: Startup) -> Placement:
    """Make the server's directory: with the rest, or as root, in a temporary place of its own.

    PostgreSQL refuses to run as root, and the user it then runs as may not enter root's folders.

    Raises:
        LocalError: this is root, and there is no unprivileged user or no place open to it.
    """
    if os.geteuid() != 0:
        home = directory(root) / "postgres"
        startup.make_directory(home)
        return Placement(home, None)
    account = _unprivileged()
    home = _temporary() / f"{PREFIX}{secrets.token_hex(8)}"
    startup.make_directory(home)
    os.chown(home, account.uid, account.gid)
    return Placement(home, account)


def _unprivileged() -> Account:
    try:
        entry = pwd.getpwnam("nobody")
    except KeyError:
        raise LocalError(
            "E0507",
            "PostgreSQL cannot run as root, and this machine has no user `nobody`",
            hint="run readyctl as an ordinary user",
        ) from None
    return Account(entry.pw_uid, entry.pw_gid)


def _temporary() -> Path:
    for candidate in dict.fromkeys([tempfile.gettempdir(), "/tmp", "/var/tmp"]):  # noqa: S108
        path = Path(candidate).resolve()
        if path.is_dir() and _open_to_others(path):
            return path
    raise LocalError(
        "E0507",
        "PostgreSQL cannot run as root, and no temporary directory is open to other users",
        hint="run readyctl as an ordinary user",
    )


def _open_to_others(path: Path) -> bool:
    path = path.resolve()
    return all(entry.stat().st_mode & stat.S_IXOTH for entry in (path, *path.parents))
