"""Tries a folder of migrations on a scratch database that is thrown away."""

from __future__ import annotations

import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from readyctl.clients.database import DatabaseSession
from readyctl.config.environment import Settings
from readyctl.migrate.source import read_folder
from readyctl.migrate.trial import trial as run
from readyctl.model.cause import Trial
from readyctl.workflows.here import running


def trial(settings: Settings, folder: Path | None) -> Trial:
    """Return which files of a folder apply, and the root causes of those that do not.

    Raises:
        MigrateError: the folder cannot be read; E0450, the scratch database was lost.
        LocalError: the local environment is not up.
    """
    migrations = read_folder(folder or settings.migrations).migrations
    with _scratch(settings) as session:
        return run(session, migrations)


@contextmanager
def _scratch(settings: Settings) -> Iterator[DatabaseSession]:
    """Make an empty database on the local server, and drop it in the end."""
    local = running(settings.root)
    name = f"trial_{secrets.token_hex(6)}"
    admin = DatabaseSession(local.dsn(local.superuser))
    session = DatabaseSession(replace(local, postgres_dbname=name).dsn(local.superuser))
    try:
        admin.script(f"create database {name}")
        yield session
    finally:
        session.close()
        admin.script(f"drop database if exists {name} with (force)")
        admin.close()
