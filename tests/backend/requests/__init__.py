"""One valid request for each function of the API, and whose it is."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Call:
    """A request that is valid for those whose it is.

    `theirs` names the subjects of practice One for whom it succeeds; None is everybody with a role
    that the function allows. All others with such a role are told that nothing is there (404).
    `prepare` is SQL, run as superuser before the call, that brings a row into the state it needs.
    """

    path: Mapping[str, str] = field(default_factory=dict)
    query: Mapping[str, str] = field(default_factory=dict)
    body: Any = None
    theirs: tuple[str, ...] | None = None
    prepare: str = ""
