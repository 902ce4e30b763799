"""Opens the database that an environment points at, as whom the work needs."""

from __future__ import annotations

import os
from collections.abc import Callable

from readyctl.clients.database import DatabaseSession
from readyctl.clients.failures import SourceFailure
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.errors import ConfigError, MigrateError
from readyctl.local.state import LocalState, Login
from readyctl.model.fact import Reason
from readyctl.workflows.here import running


def open_postgres(settings: Settings) -> PostgresReader:
    """Return a reader of the environment's database; it connects when it is first asked.

    Raises:
        ConfigError: `database.dsn` is not a reference that can be followed.
    """
    return PostgresReader(_dsn(settings))


def open_reading(settings: Settings) -> DatabaseSession:
    """Return a session of the login that reads, for what one query cannot ask.

    Raises:
        SourceFailure: the environment has no database.
        ConfigError: `database.dsn` is not a reference that can be followed.
    """
    dsn = _dsn(settings)
    if not dsn:
        raise SourceFailure(
            Reason.NOT_CONFIGURED,
            "no database is configured for this environment",
            resolution="set `database.dsn` of the environment, for example env:DATABASE_URL",
        )
    return DatabaseSession(dsn, program="readyctl")


def open_owner(settings: Settings) -> DatabaseSession:
    """Return a session of the role that owns the schema; it connects when it is first asked.

    Raises:
        MigrateError: E0434, no connection is configured, or its variable is empty.
        ConfigError: the reference cannot be followed.
    """
    return DatabaseSession(owner(settings))


def owner(settings: Settings) -> str:
    """Return the connection string of the role that owns the schema; never print it.

    Raises:
        MigrateError, ConfigError: see `open_owner`.
    """
    access = settings.environment.database
    reference = access.owner_dsn or (access.dsn if access.dsn == "local:" else "")
    dsn = _followed(settings, reference, lambda local: local.owner)
    if not dsn:
        raise MigrateError(
            "E0434",
            "no connection that may change the schema is configured",
            cause=f"{reference} is empty" if reference else "",
            where="database.owner_dsn of the environment",
            hint="write `owner_dsn: env:OWNER_DATABASE_URL`, and put the connection string there",
        )
    return dsn


def followed(reference: str) -> str:
    """Return the connection string that the command line gives, itself or as `env:NAME`.

    Raises:
        MigrateError: E0434, the variable is empty.
    """
    kind, _, name = reference.partition(":")
    if kind != "env":
        return reference
    dsn = os.environ.get(name, "")
    if not dsn:
        raise MigrateError(
            "E0434",
            f"the variable {name} is empty",
            hint="put the connection string into it",
        )
    return dsn


def _dsn(settings: Settings) -> str | None:
    return _followed(settings, settings.environment.database.dsn, lambda local: local.auditor)


def _followed(
    settings: Settings, reference: str, login: Callable[[LocalState], Login]
) -> str | None:
    kind, _, name = reference.partition(":")
    if kind == "env" and name:
        return os.environ.get(name) or None
    if kind == "local":
        local = running(settings.root)
        return local.dsn(login(local))
    if reference:
        raise ConfigError(
            "E0226",
            "a connection of the database is not a reference",
            cause="a connection string would put a password into the config",
            where="database of the environment",
            hint="write `env:NAME`, and put the connection string into that variable",
        )
    return None
