"""What a fact is to the gatherer: a name, the calls it makes, the shape it has, a function."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, get_type_hints

from readyctl.clients.aws import DeclaredCalls
from readyctl.clients.iam import action_of
from readyctl.clients.postgres import PostgresReader
from readyctl.config.environment import Settings
from readyctl.gather.schemas import Schemas


@dataclass(frozen=True, slots=True)
class Sources:
    """Everything that a fact may read."""

    settings: Settings
    aws: DeclaredCalls
    postgres: PostgresReader
    schemas: Schemas


@dataclass(frozen=True, slots=True)
class FactSpec:
    """A fact that can be gathered.

    `origin` is aws, postgres, files or people. `shape` is the type of its value: TypedDicts,
    lists, and JSON's own types; a value of another shape is reported as unparsable.
    """

    name: str
    doc: str
    origin: str
    calls: tuple[str, ...]
    shape: Any
    read: Callable[[Sources], Any]

    @property
    def actions(self) -> tuple[str, ...]:
        """The IAM actions that gathering this fact needs."""
        return tuple(sorted({action for call in self.calls if (action := action_of(call))}))

    @property
    def source(self) -> str:
        """What was asked, for people: the API calls, or the origin."""
        return ", ".join(self.calls) or self.origin


def fact(
    name: str, *, origin: str = "aws", calls: tuple[str, ...] = ()
) -> Callable[[Callable[[Sources], Any]], FactSpec]:
    """Declare a function as the reader of a fact; its docstring describes the fact."""

    def declare(read: Callable[[Sources], Any]) -> FactSpec:
        return FactSpec(
            name=name,
            doc=(read.__doc__ or "").strip(),
            origin=origin,
            calls=calls,
            shape=get_type_hints(read)["return"],
            read=read,
        )

    return declare
