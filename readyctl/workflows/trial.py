"""Tries a folder of migrations on a server that is thrown away."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from readyctl.clients.database import DatabaseSession
from readyctl.local.shadow import shadow
from readyctl.migrate.source import read_folder
from readyctl.migrate.trial import trial as run
from readyctl.model.cause import Trial


def trial(folder: Path, say: Callable[[str], None]) -> Trial:
    """Return which files of a folder apply, and the root causes of those that do not.

    Raises:
        MigrateError: the folder cannot be read; E0450, the server was lost.
        LocalError: see `shadow`.
    """
    migrations = read_folder(folder).migrations
    with shadow(say) as dsn:
        session = DatabaseSession(dsn)
        try:
            return run(session, migrations)
        finally:
            session.close()
