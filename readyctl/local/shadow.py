"""A throwaway PostgreSQL server of its own, away from everything that the user has."""

from __future__ import annotations

import contextlib
import tempfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from readyctl.local import postgres, processes
from readyctl.local.network import free_ports
from readyctl.local.startup import Startup
from readyctl.local.state import LocalState, directory, remove_private


@dataclass(frozen=True, slots=True)
class Shadow:
    """An empty database, and the superuser who may do anything there."""

    user: str
    dsn: str = field(repr=False)


@contextlib.contextmanager
def shadow(progress: Callable[[str], None]) -> Iterator[Shadow]:
    """Start a server with an empty database; in the end, nothing of it is left.

    It also ends should this process be killed.

    Raises:
        LocalError: PostgreSQL is not installed, or could not be started.
    """
    root = Path(tempfile.mkdtemp(prefix="readyctl-shadow-"))
    startup = Startup(root, progress)
    address = postgres.new_address(free_ports(1)[0])
    try:
        directory(root).mkdir(parents=True)
        postgres.start(root, startup, address)
        yield Shadow(address.superuser.user, _dsn(address))
    finally:
        for record in startup.made.processes:
            postgres.stop(record)
        processes.stop_marked(directory(root))
        for path in startup.made.directories:
            remove_private(Path(path))
        remove_private(root)


def _dsn(address: postgres.Address) -> str:
    state = LocalState(
        state="empty",
        emulator_url="",
        region="",
        account_id="",
        postgres_host=address.host,
        postgres_port=address.port,
        postgres_dbname=postgres.DATABASE,
        superuser=address.superuser,
        owner=address.owner,
        auditor=address.auditor,
        processes=(),
        directories=(),
        started_at="",
    )
    return state.dsn(address.superuser)
