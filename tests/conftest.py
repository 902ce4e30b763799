"""Fixtures that every test may use: the local environment in both of its states."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from readyctl.local.state import LocalState, StateName


# Where `make setup` installs the emulator; the temporary folders of tests have none of their own.
_EMULATOR = Path(__file__).resolve().parent.parent / ".readyctl" / "emulator" / "bin" / "python"
_FIFTEEN = Path("/usr/lib/postgresql/15/bin")
if _EMULATOR.exists():
    os.environ.setdefault("READYCTL_EMULATOR", str(_EMULATOR))


def _environment(
    factory: pytest.TempPathFactory, state: StateName, programs: Path | None = None
) -> Iterator[LocalState]:
    from readyctl.local.environment import down, up

    root = factory.mktemp(f"local-{state}")
    try:
        with pytest.MonkeyPatch.context() as patch:
            if programs:
                patch.setenv("READYCTL_PG_BIN", str(programs))
            found = up(root, state, lambda _: None)
        yield found
    finally:
        down(root, lambda _: None)


@pytest.fixture(scope="session")
def local_reference(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalState]:
    """The local environment in the state of the reference assessment; do not change it."""
    yield from _environment(tmp_path_factory, "reference")


@pytest.fixture(scope="session")
def local_empty(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalState]:
    """The local environment with an empty account and an empty database; do not change it."""
    yield from _environment(tmp_path_factory, "empty")


@pytest.fixture(scope="session")
def fifteen(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalState]:
    """The local environment on PostgreSQL 15, the oldest server that migrations must run on."""
    if not (_FIFTEEN / "postgres").exists():
        pytest.skip("PostgreSQL 15 is not installed here (Debian's package postgresql-15)")
    yield from _environment(tmp_path_factory, "empty", _FIFTEEN)
