"""Runs a folder on a scratch database to see which locks its statements take."""

from __future__ import annotations

from pathlib import Path

from readyctl.clients.database import DatabaseSession
from readyctl.migrate.lint.linting import newer
from readyctl.migrate.locks import taken
from readyctl.migrate.source import read_folder
from readyctl.model.lock import TakenLock


def locks(
    folder: Path, session: DatabaseSession, since: str = ""
) -> tuple[tuple[TakenLock, ...], int]:
    """Return the locks that files after `since` take, and how many files these are.

    All files are applied to the database of the session, which must be a scratch one.

    Raises:
        MigrateError: see `migrate.locks.taken`; the folder cannot be read.
    """
    migrations = read_folder(folder).migrations
    watched = {migration.version for migration in newer(migrations, since)}
    return taken(session, migrations, watched), len(watched)
