"""Runs a folder on a server that is thrown away, to see which locks its statements take."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from readyctl.clients.database import DatabaseSession
from readyctl.local.shadow import shadow
from readyctl.migrate.lint.linting import newer
from readyctl.migrate.locks import taken
from readyctl.migrate.source import read_folder
from readyctl.model.lock import TakenLock


def locks(
    folder: Path, say: Callable[[str], None], since: str = ""
) -> tuple[tuple[TakenLock, ...], int]:
    """Return the locks that files after `since` take, and how many files these are.

    Raises:
        MigrateError: see `migrate.locks.taken`; the folder cannot be read.
        LocalError: see `shadow`.
    """
    migrations = read_folder(folder).migrations
    watched = {migration.version for migration in newer(migrations, since)}
    with shadow(say) as dsn:
        session = DatabaseSession(dsn)
        try:
            return taken(session, migrations, watched), len(watched)
        finally:
            session.close()
