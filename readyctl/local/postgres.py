"""Finds, prepares, starts and ends the PostgreSQL server."""

from __future__ import annotations

import os
import secrets
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import LiteralString

from readyctl.errors import LocalError
from readyctl.local import processes
from readyctl.local.binaries import find, runnable
from readyctl.local.placement import Placement, place
from readyctl.local.startup import Startup
from readyctl.local.state import Login, ProcessRecord, directory

NAME = "PostgreSQL"
HOST = "127.0.0.1"
DATABASE = "telehealth"
_SUPERUSER = "readyctl_admin"
_OWNER = "telehealth_owner"
_AUDITOR = "readyctl_auditor"

_READY_SECONDS = 30.0
_STOP_SECONDS = 5.0
_LOCALES = ("C.UTF-8", "C")
# Data here is never worth an fsync, and all of it lies in one directory. Statements, values and
# rejected rows stay out of the log.
_SETTINGS = {
    "listen_addresses": HOST,
    "unix_socket_directories": "",
    "dynamic_shared_memory_type": "mmap",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_statement": "none",
    "log_min_error_statement": "panic",
    "log_min_messages": "log",
    "log_error_verbosity": "terse",
}
# The owner may what Aurora's master user may; the auditor sees settings and statistics, no rows.
_STATEMENTS: tuple[LiteralString, ...] = (
    "CREATE ROLE {owner} LOGIN CREATEROLE CREATEDB PASSWORD {owner_password}",
    "CREATE ROLE {auditor} LOGIN PASSWORD {auditor_password}",
    "GRANT pg_monitor, pg_read_all_settings TO {auditor}",
    "ALTER ROLE {auditor} SET default_transaction_read_only = on",
    "CREATE DATABASE {database} OWNER {owner}",
)


@dataclass(frozen=True, slots=True)
class Address:
    """Where the server answers, and the roles that may log in."""

    port: int
    superuser: Login
    owner: Login
    auditor: Login
    host: str = HOST


@dataclass(frozen=True, slots=True)
class _Server:
    """What a server is made of on this machine."""

    binaries: Path
    placement: Placement
    environment: dict[str, str]
    log: Path

    def program(self, binary: str, *arguments: str) -> processes.Program:
        """Return `binary` of this server as a program to be spawned."""
        return processes.Program(
            NAME,
            [str(self.binaries / binary), *arguments],
            self.environment,
            self.placement.home,
            self.log,
            signal.SIGINT,
            self.placement.account,
        )

    @property
    def data(self) -> Path:
        """The data directory."""
        return self.placement.home / "data"


def new_address(port: int) -> Address:
    """Return an address on `port` of 127.0.0.1 with three logins, whose passwords are random."""
    return Address(
        port,
        superuser=_new_login(_SUPERUSER),
        owner=_new_login(_OWNER),
        auditor=_new_login(_AUDITOR),
    )


def _new_login(user: str) -> Login:
    return Login(user, secrets.token_urlsafe(24))


def start(root: Path, startup: Startup, address: Address) -> None:
    """Make a database cluster, start its server, and make the database and roles in it.

    Raises:
        LocalError: PostgreSQL is not installed, or could not be started.
    """
    placement = place(root, startup)
    binaries = runnable(find(), placement)
    startup.progress(f"Starting {_version(binaries)} on {HOST}:{address.port}")
    log = directory(root) / "postgres.log"
    log.write_bytes(b"")
    server = _Server(binaries, placement, _environment(root, placement), log)
    _initialise(server, startup, address.superuser)
    settings = [f"--{name}={value}" for name, value in _SETTINGS.items()]
    program = server.program("postgres", "-D", str(server.data), "-p", str(address.port), *settings)
    record = startup.spawn(program).record
    startup.wait_ready(record, lambda: _prepare(address), log, _READY_SECONDS)


def stop(record: ProcessRecord) -> None:
    """End the server: at once for its clients, orderly for its files, by force at last."""
    processes.stop(record, [signal.SIGINT, signal.SIGQUIT], _STOP_SECONDS)


def _version(binaries: Path) -> str:
    shown = subprocess.run(
        [str(binaries / "postgres"), "--version"], capture_output=True, text=True, check=False
    )
    words = shown.stdout.split()
    if shown.returncode or len(words) < 3:
        raise LocalError(
            "E0503",
            "PostgreSQL does not run on this machine",
            cause=(shown.stderr.strip().splitlines() or ["it said nothing"])[-1],
            where=str(binaries),
            hint="set READYCTL_PG_BIN to the bin directory of another PostgreSQL",
        )
    return f"PostgreSQL {words[2]}"


def _environment(root: Path, placement: Placement) -> dict[str, str]:
    return {
        "PATH": os.defpath,
        "HOME": str(placement.home),
        "TMPDIR": str(placement.home),
        "LC_ALL": "C",
        "TZ": "UTC",
        processes.MARK: str(directory(root)),
    }


def _initialise(server: _Server, startup: Startup, superuser: Login) -> None:
    """Run initdb, in the first locale that this machine knows."""
    password = server.placement.write_private("password", superuser.password)
    try:
        for locale in _LOCALES:
            arguments = [f"--locale={locale}", f"--username={superuser.user}"]
            arguments += [f"--pwfile={password}", "--auth=scram-sha-256", "--encoding=UTF8"]
            program = server.program(
                "initdb", "-D", str(server.data), "--no-sync", "--no-instructions", *arguments
            )
            try:
                startup.wait_end(startup.spawn(program).record, server.log, _READY_SECONDS)
            except LocalError:
                if locale == _LOCALES[-1]:
                    raise
            else:
                return
    finally:
        password.unlink(missing_ok=True)


def _prepare(address: Address) -> bool:
    """Make the roles and the database; False as long as the server does not take connections."""
    import psycopg
    from psycopg import sql

    try:
        connection = psycopg.connect(
            host=address.host,
            port=address.port,
            dbname="postgres",
            user=address.superuser.user,
            password=address.superuser.password,
            sslmode="disable",
            gssencmode="disable",
            connect_timeout=5,
            autocommit=True,
        )
    except psycopg.OperationalError:
        return False
    with connection:
        for statement in _STATEMENTS:
            connection.execute(
                sql.SQL(statement).format(
                    database=sql.Identifier(DATABASE),
                    owner=sql.Identifier(address.owner.user),
                    owner_password=sql.Literal(address.owner.password),
                    auditor=sql.Identifier(address.auditor.user),
                    auditor_password=sql.Literal(address.auditor.password),
                )
            )
    return True
