"""Brings the local environment up and down, and says how it is."""

from __future__ import annotations

import contextlib
import fcntl
import os
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_EXCEPTION, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from readyctl.errors import LocalError
from readyctl.local import emulator, postgres, processes
from readyctl.local import state as records
from readyctl.local.network import free_ports, listens
from readyctl.local.placement import PREFIX
from readyctl.local.seed import seed
from readyctl.local.startup import Startup
from readyctl.local.state import Leftovers, LocalState, StateName

Condition = Literal["running", "stopped", "broken"]
Progress = Callable[[str], None]

_STOP = {emulator.NAME: emulator.stop, postgres.NAME: postgres.stop}


@dataclass(frozen=True, slots=True)
class PartStatus:
    """How one server of the environment is; `reason` says why it is broken."""

    name: str
    condition: Condition
    reason: str = ""


@dataclass(frozen=True, slots=True)
class LocalStatus:
    """How the environment is; `environment` is what was last started, running or not."""

    parts: tuple[PartStatus, ...]
    environment: LocalState | None = None

    @property
    def condition(self) -> Condition:
        """Running if every part runs, stopped if none was started, else broken."""
        conditions = {part.condition for part in self.parts}
        return conditions.pop() if len(conditions) == 1 else "broken"


def up(root: Path, state: StateName, progress: Progress) -> LocalState:
    """Start the environment in `state` and return it once both servers answer.

    One that is up in that state is returned as it is; any other is ended first, data included.

    Raises:
        LocalError: a part is not installed, or could not be started; nothing is left running.
    """
    root = root.absolute()
    with _locked(root, progress):
        present = _survey(root)
        if present.condition == "running" and present.environment is not None:
            if present.environment.state == state:
                return present.environment
            progress(f"Ending the local environment in state {present.environment.state}")
        _clear(root)
        emulator.find(root)
        return _start(root, state, progress)


def down(root: Path, progress: Progress) -> None:
    """End the environment and remove its data; without one, do nothing."""
    root = root.absolute()
    if not records.directory(root).is_dir():
        return
    with _locked(root, progress):
        progress("Ending the local environment")
        _clear(root)


def status(root: Path) -> LocalStatus:
    """Return how each part is, by asking it.

    Raises:
        LocalError: the record of the environment is malformed.
    """
    return _survey(root.absolute())


def _survey(root: Path) -> LocalStatus:
    found = records.load(root)
    if found is None:
        interrupted = any(map(processes.alive, records.load_leftovers(root).processes))
        condition: Condition = "broken" if interrupted else "stopped"
        reason = "a start was interrupted, or is under way" if interrupted else ""
        return LocalStatus(tuple(PartStatus(name, condition, reason) for name in _STOP))
    port = urlsplit(found.emulator_url).port or 0
    return LocalStatus(
        (
            _part(found, emulator.NAME, lambda: emulator.answers(port)),
            _part(found, postgres.NAME, lambda: listens(found.postgres_port)),
        ),
        found,
    )


def _part(found: LocalState, name: str, answers: Callable[[], bool]) -> PartStatus:
    if not any(record.name == name and processes.alive(record) for record in found.processes):
        return PartStatus(name, "broken", "its process has ended")
    if not answers():
        return PartStatus(name, "broken", "it runs, and does not answer")
    return PartStatus(name, "running")


def _start(root: Path, state: StateName, progress: Progress) -> LocalState:
    startup = Startup(root, progress)
    try:
        environment = _start_parts(root, state, startup)
        records.save(root, environment)
    except BaseException:
        # Ctrl-C included: whatever the reason, nothing that was started may stay.
        _clear(root)
        raise
    startup.release()
    records.starting_path(root).unlink(missing_ok=True)
    progress(f"The local environment is up in state {state}")
    return environment


def _start_parts(root: Path, state: StateName, startup: Startup) -> LocalState:
    emulator_port, postgres_port = free_ports(2)
    address = postgres.new_address(postgres_port)
    url = emulator.url(emulator_port)

    def start_account() -> None:
        emulator.start(root, startup, emulator_port)
        if state == "reference":
            startup.progress("Making the reference account")
        seed(url, state, address)

    with ThreadPoolExecutor(2, "readyctl-local") as pool:
        try:
            parts = [
                pool.submit(start_account),
                pool.submit(postgres.start, root, startup, address),
            ]
            for part in wait(parts, return_when=FIRST_EXCEPTION).done:
                part.result()
        except BaseException:
            startup.cancel()
            raise
    made = startup.made
    return LocalState(
        state=state,
        emulator_url=url,
        region=records.REGION,
        account_id=records.ACCOUNT_ID,
        postgres_host=address.host,
        postgres_port=address.port,
        postgres_dbname=postgres.DATABASE,
        superuser=address.superuser,
        owner=address.owner,
        auditor=address.auditor,
        processes=tuple(filter(processes.alive, made.processes)),
        directories=made.directories,
        started_at=datetime.now(UTC).isoformat(timespec="seconds"),
    )


def _clear(root: Path) -> None:
    """End every process and remove every directory that the records name."""
    leftovers = _known(root)
    for record in leftovers.processes:
        _STOP.get(record.name, emulator.stop)(record)
    processes.stop_marked(records.directory(root))
    for path in map(Path, leftovers.directories):
        if _ours(root, path):
            records.remove_private(path)
    records.state_path(root).unlink(missing_ok=True)
    records.starting_path(root).unlink(missing_ok=True)


def _known(root: Path) -> Leftovers:
    """Return what the records name; a malformed one names nothing beyond the usual places."""
    home = records.directory(root)
    known = Leftovers(directories=(str(home / "emulator"), str(home / "postgres")))
    with contextlib.suppress(LocalError):
        known += records.load_leftovers(root)
    with contextlib.suppress(LocalError):
        found = records.load(root)
        known += Leftovers(found.processes, found.directories) if found else Leftovers()
    return known


def _ours(root: Path, path: Path) -> bool:
    """Tell whether a recorded directory is one that readyctl makes, should a record be forged."""
    return path.parent == records.directory(root) or path.name.startswith(PREFIX)


def _open_lock(home: Path) -> int:
    try:
        home.mkdir(parents=True, exist_ok=True, mode=0o700)
        return os.open(home / "lock", os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise LocalError(
            "E0508",
            "the directory of the local environment cannot be written",
            cause=error.strerror or type(error).__name__,
            where=str(home),
            hint="work in a directory of your own, or remove what is in the way",
        ) from None


@contextlib.contextmanager
def _locked(root: Path, progress: Progress) -> Iterator[None]:
    """Keep other readyctl processes from starting or ending the same environment meanwhile."""
    lock = _open_lock(records.directory(root))
    try:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            progress("Waiting for another `readyctl local` command")
            fcntl.flock(lock, fcntl.LOCK_EX)
        yield
    finally:
        os.close(lock)
