"""What is known of the local environment, and the two files that keep it."""

from __future__ import annotations

import json
import os
import shutil
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Literal, cast, get_args
from urllib.parse import quote

from readyctl.errors import LocalError

StateName = Literal["reference", "empty"]
ACCOUNT_ID = "000000000000"
REGION = "us-east-1"

_MALFORMED_HINT = "run `readyctl local down`, then `readyctl local up`"


@dataclass(frozen=True, slots=True)
class ProcessRecord:
    """A process that readyctl started; `started` tells it from a later one with the same pid."""

    name: str
    pid: int
    started: str


@dataclass(frozen=True, slots=True)
class Login:
    """A PostgreSQL role that may log in, and its password."""

    user: str
    password: str = field(repr=False)


@dataclass(frozen=True, slots=True)
class LocalState:
    """A local environment that is up: where its parts answer and which processes they are.

    The passwords are random, made for this one environment, and never shown by `repr`.
    """

    state: StateName
    emulator_url: str
    region: str
    account_id: str
    postgres_host: str
    postgres_port: int
    postgres_dbname: str
    superuser: Login
    owner: Login
    auditor: Login
    processes: tuple[ProcessRecord, ...]
    directories: tuple[str, ...]
    started_at: str

    def dsn(self, login: Login) -> str:
        """Return the connection URL of `login`; it holds the password, so never print it."""
        return (
            f"postgresql://{quote(login.user, safe='')}:{quote(login.password, safe='')}"
            f"@{self.postgres_host}:{self.postgres_port}/{self.postgres_dbname}"
        )


@dataclass(frozen=True, slots=True)
class Leftovers:
    """Processes and directories that readyctl made, and has to end and remove."""

    processes: tuple[ProcessRecord, ...] = ()
    directories: tuple[str, ...] = ()

    def __add__(self, other: Leftovers) -> Leftovers:
        return Leftovers(
            tuple(dict.fromkeys(self.processes + other.processes)),
            tuple(dict.fromkeys(self.directories + other.directories)),
        )


def directory(root: Path) -> Path:
    """Return the directory that holds everything of the local environment below `root`."""
    return root / ".readyctl" / "local"


def state_path(root: Path) -> Path:
    """Return the path of the file that describes the environment that is up."""
    return directory(root) / "state.json"


def starting_path(root: Path) -> Path:
    """Return the path of the file that lists what a start has made so far."""
    return directory(root) / "starting.json"


def load(root: Path) -> LocalState | None:
    """Return the environment that was last started below `root`, or None without one.

    Raises:
        LocalError: the file is malformed or cannot be read.
    """
    document = _read(state_path(root))
    if document is None:
        return None
    try:
        return _parse_state(document)
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(state_path(root), type(error).__name__) from None


def save(root: Path, state: LocalState) -> None:
    """Write the state atomically, readable for its owner alone."""
    _write(state_path(root), asdict(state))


def load_leftovers(root: Path) -> Leftovers:
    """Return what an interrupted start has left behind.

    Raises:
        LocalError: the file is malformed or cannot be read.
    """
    document = _read(starting_path(root))
    if document is None:
        return Leftovers()
    try:
        return Leftovers(_parse_processes(document), _parse_directories(document))
    except (KeyError, TypeError, ValueError) as error:
        raise _malformed(starting_path(root), type(error).__name__) from None


def save_leftovers(root: Path, leftovers: Leftovers) -> None:
    """Write what a start has made so far, atomically."""
    _write(starting_path(root), asdict(leftovers))


def remove_private(path: Path) -> None:
    """Remove a directory that readyctl made, if it is there; links are never followed."""
    if path.is_symlink():
        path.unlink()
    elif path.exists():
        shutil.rmtree(path, ignore_errors=True)


def _read(path: Path) -> dict[str, object] | None:
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        raise _malformed(path, type(error).__name__) from None
    if not isinstance(document, dict):
        raise _malformed(path, "it is not an object")
    return document


def _write(path: Path, document: dict[str, object]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_name(f"{path.name}.{os.getpid()}.new")
    draft.unlink(missing_ok=True)
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as stream:
        json.dump(document, stream, indent=2)
    draft.replace(path)


def _malformed(path: Path, cause: str) -> LocalError:
    return LocalError(
        "E0502",
        "the record of the local environment cannot be read",
        cause=cause,
        where=str(path),
        hint=_MALFORMED_HINT,
    )


def _parse_state(document: dict[str, object]) -> LocalState:
    return LocalState(
        state=_parse_name(document["state"]),
        emulator_url=_text(document, "emulator_url"),
        region=_text(document, "region"),
        account_id=_text(document, "account_id"),
        postgres_host=_text(document, "postgres_host"),
        postgres_port=_number(document, "postgres_port"),
        postgres_dbname=_text(document, "postgres_dbname"),
        superuser=_parse_login(document["superuser"]),
        owner=_parse_login(document["owner"]),
        auditor=_parse_login(document["auditor"]),
        processes=_parse_processes(document),
        directories=_parse_directories(document),
        started_at=_text(document, "started_at"),
    )


def _parse_name(value: object) -> StateName:
    for name in get_args(StateName):
        if name == value:
            return cast(StateName, name)
    raise ValueError(value)


def _object(value: object) -> dict[str, object]:
    if not isinstance(value, dict):
        raise TypeError
    return value


def _list(value: object) -> list[object]:
    if not isinstance(value, list):
        raise TypeError
    return value


def _text(document: dict[str, object], key: str) -> str:
    value = document[key]
    if not isinstance(value, str):
        raise TypeError(key)
    return value


def _number(document: dict[str, object], key: str) -> int:
    value = document[key]
    if not isinstance(value, int):
        raise TypeError(key)
    return value


def _parse_login(value: object) -> Login:
    login = _object(value)
    return Login(_text(login, "user"), _text(login, "password"))


def _parse_processes(document: dict[str, object]) -> tuple[ProcessRecord, ...]:
    records = [_object(item) for item in _list(document["processes"])]
    return tuple(
        ProcessRecord(_text(item, "name"), _number(item, "pid"), _text(item, "started"))
        for item in records
    )


def _parse_directories(document: dict[str, object]) -> tuple[str, ...]:
    return tuple(str(item) for item in _list(document["directories"]))
