"""What a database is made of, and in what two of them differ."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from readyctl.model.json import Json


@dataclass(frozen=True, slots=True)
class SchemaObject:
    """One object: `identity` is its name as SQL writes it, with its schema.

    `attributes` holds what is not the default; what is missing is the default. `parents` are the
    keys of the objects that it is a part of. An `implied` object is made and dropped with them.
    """

    kind: str
    identity: str
    attributes: Mapping[str, Json] = field(default_factory=dict)
    parents: tuple[str, ...] = ()
    implied: bool = False

    @property
    def key(self) -> str:
        """What tells it from every other object."""
        return f"{self.kind} {self.identity}"


@dataclass(frozen=True, slots=True)
class Passed:
    """Something that was not compared, and why."""

    what: str
    reason: str


@dataclass(frozen=True, slots=True)
class Schema:
    """Every object of a database, and of its cluster as far as it is known.

    `migrator` is the role that owns what migrations make: it is called so in `objects`, whatever
    its name is; empty where roles keep their names. `bystanders` are roles that nothing in the
    database names. `unchecked` is what the database has and no object stands for.
    """

    server_version: int
    database: str
    objects: Mapping[str, SchemaObject]
    migrator: str = ""
    bystanders: frozenset[str] = frozenset()
    unchecked: tuple[Passed, ...] = ()
    ignored: tuple[Passed, ...] = ()


@dataclass(frozen=True, slots=True)
class Difference:
    """One thing that differs. `attribute` is empty where the whole object is missing or too much.

    `expected` and `live` are None where it is the default, or where there is no object. `repair`
    is the SQL that makes the live one as it is expected, empty where that is work by hand;
    `destroys` says that rows go with it, or what else nobody can bring back.
    """

    kind: str
    object: str
    attribute: str
    expected: Json
    live: Json
    repair: str = ""
    destroys: bool = False
