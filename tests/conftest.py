"""Fixtures that every test may use: the local environment in both of its states."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from readyctl.local.state import LocalState, StateName


def _environment(factory: pytest.TempPathFactory, state: StateName) -> Iterator[LocalState]:
    from readyctl.local.environment import down, up

    root = factory.mktemp(f"local-{state}")
    try:
        yield up(root, state, lambda _: None)
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
