"""A throwaway PostgreSQL server of its own, away from everything that the user has."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from urllib.parse import quote

from readyctl.clients.database import DatabaseSession
from readyctl.clients.sqlwriting import quoted
from readyctl.local import postgres, processes
from readyctl.local.network import free_ports
from readyctl.local.startup import Startup
from readyctl.local.state import Login, directory, remove_private


@contextlib.contextmanager
def shadow(
    progress: Callable[[str], None],
    *,
    database: str = postgres.DATABASE,
    user: str = "",
    roles: Sequence[str] = (),
) -> Iterator[str]:
    """Start a server with an empty database, and yield the connection string of its owner.

    The owner is a superuser called `user`; `roles` are there too, and may not log in. In the end
    nothing is left of it, also should this process be killed. Never print the string.

    Raises:
        LocalError: PostgreSQL is not installed, or could not be started.
    """
    root = Path(tempfile.mkdtemp(prefix="readyctl-shadow-"))
    startup = Startup(root, progress)
    address = postgres.new_address(free_ports(1)[0])
    try:
        directory(root).mkdir(parents=True)
        postgres.start(root, startup, address)
        owner = Login(user or address.superuser.user, address.superuser.password)
        _furnish(address, owner, database, roles)
        yield _dsn(address, owner, database)
    finally:
        for record in startup.made.processes:
            postgres.stop(record)
        startup.release()
        processes.stop_marked(directory(root))
        for path in startup.made.directories:
            remove_private(Path(path))
        remove_private(root)


def _furnish(address: postgres.Address, owner: Login, database: str, roles: Sequence[str]) -> None:
    """Make the owner, the roles and the database; those of the local environment are in the way."""
    session = DatabaseSession(_dsn(address, address.superuser, "postgres"))
    try:
        # Each alone: a database is not dropped or made in a transaction.
        session.script(f"drop database {quoted(postgres.DATABASE)}")
        session.script("; ".join(f"drop role {quoted(r.user)}" for r in _logins(address)))
        if owner.user != address.superuser.user:
            # The password is letters, digits, - and _.
            session.script(
                f"create role {quoted(owner.user)} superuser login password '{owner.password}'"
            )
        for role in roles:
            session.script(f"create role {quoted(role)}")
        session.script(f"create database {quoted(database)} owner {quoted(owner.user)}")
    finally:
        session.close()


def _logins(address: postgres.Address) -> tuple[Login, Login]:
    return address.owner, address.auditor


def _dsn(address: postgres.Address, login: Login, database: str) -> str:
    user, password, name = (quote(v, safe="") for v in (login.user, login.password, database))
    return f"postgresql://{user}:{password}@{address.host}:{address.port}/{name}"
