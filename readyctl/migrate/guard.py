"""Makes sure that a session can migrate: the right server, nobody between, and no rival."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from readyctl.clients.database import DatabaseSession, Holder
from readyctl.errors import MigrateError

OLDEST = 150_000
_POLL_SECONDS = 0.5


def check_server(session: DatabaseSession) -> int:
    """Return the server's version, as a number such as 180001.

    Raises:
        MigrateError: E0430, the server is too old, only reads, or is reached through a pooler.
    """
    ((pid, version, recovering, read_only),) = session.query(
        "select pg_backend_pid(), current_setting('server_version_num')::int, pg_is_in_recovery(),"
        " current_setting('default_transaction_read_only') = 'on'"
    )
    if int(pid) != session.backend_pid:
        raise MigrateError(
            "E0430",
            "a pooler stands between readyctl and the database",
            cause="the lock that keeps two applies apart would belong to whoever comes next",
            where="database.owner_dsn",
            hint="connect to the writer itself, not to RDS Proxy or PgBouncer",
        )
    if version < OLDEST:
        raise MigrateError(
            "E0430",
            f"the server is PostgreSQL {version // 10_000}",
            cause="readyctl migrates PostgreSQL 15 and newer",
            hint="upgrade the server",
        )
    if recovering or read_only:
        raise MigrateError(
            "E0430",
            "the server takes no changes",
            cause="it is a replica" if recovering else "default_transaction_read_only is on",
            where="database.owner_dsn",
            hint="connect to the writer",
        )
    return int(version)


def lock(
    session: DatabaseSession,
    name: str,
    *,
    wait_seconds: float,
    sleep: Callable[[float], None],
    waiting: Callable[[list[Holder]], None],
) -> None:
    """Take the lock of a ledger for as long as the session lasts.

    It is asked for again and again rather than waited for: a session that waits inside of
    `pg_advisory_lock` keeps CREATE INDEX CONCURRENTLY from ever ending, and each waits for the
    other.

    Raises:
        MigrateError: E0429, somebody else has it; says who.
    """
    key = int.from_bytes(hashlib.sha256(f"readyctl {name}".encode()).digest()[:8], signed=True)
    waited = 0.0
    while not session.query("select pg_try_advisory_lock(%s)", [key])[0][0]:
        holders = _holders(session, key)
        if waited >= wait_seconds:
            who = holders[0] if holders else None
            raise MigrateError(
                "E0429",
                "another apply is running",
                cause=f"{who.program} of {who.role} has the lock" if who else "",
                where=name,
                hint="wait for it, and run this again",
            )
        waiting(holders)
        sleep(_POLL_SECONDS)
        waited += _POLL_SECONDS


def _holders(session: DatabaseSession, key: int) -> list[Holder]:
    rows = session.query(
        "select coalesce(nullif(a.application_name, ''), 'somebody'), a.usename::text,"
        " extract(epoch from now() - a.backend_start)::integer"
        " from pg_locks l join pg_stat_activity a on a.pid = l.pid"
        " where l.locktype = 'advisory' and l.granted and l.objsubid = 1"
        " and l.database = (select oid from pg_database where datname = current_database())"
        " and ((l.classid::bigint << 32) | l.objid::bigint) = %s",
        [key],
    )
    return [Holder(*row) for row in rows]
