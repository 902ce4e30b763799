"""What a conversion of Supabase migrations did to what, and what is left for people to do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from readyctl.model.cause import Cause


class Treatment(StrEnum):
    """What became of a construct.

    MAPPED was rewritten to what PostgreSQL has, PROVIDED is made by the prelude, REPORTED needs
    somebody to do something.
    """

    MAPPED = "mapped"
    PROVIDED = "provided"
    REPORTED = "reported"


@dataclass(frozen=True, slots=True)
class Note:
    """One construct at one place: what was done about it, and what is to do (`hint`).

    It holds names and never a value: neither a secret, nor a row, nor the text of a statement.
    """

    file: str
    line: int
    column: int
    construct: str
    treatment: Treatment
    done: str
    hint: str = ""

    @property
    def place(self) -> str:
        """File, line and column; the file alone where the whole of it is meant."""
        return f"{self.file}:{self.line}:{self.column}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Schedule:
    """A job of pg_cron, as EventBridge Scheduler has it.

    `expression` is empty where there is none that means the same; `why` says so then. `calls` are
    what the command calls outside of the database. The command itself stands at the place.
    """

    file: str
    line: int
    column: int
    name: str
    cron: str
    expression: str
    calls: tuple[str, ...] = ()
    why: str = ""


@dataclass(frozen=True, slots=True)
class Refusal:
    """A file that cannot be converted, and where."""

    file: str
    where: str
    message: str
    cause: str
    hint: str


@dataclass(frozen=True, slots=True)
class Converted:
    """One file: its name before and after, and its bytes after. The prelude had no name before."""

    source: str
    target: str
    content: bytes
    edits: int = 0


@dataclass(frozen=True, slots=True)
class Conversion:
    """A converted folder; `passed` are files that are no migrations, with the reason.

    `missing` is what files need and none makes: the database had it from elsewhere.
    """

    files: tuple[Converted, ...]
    notes: tuple[Note, ...]
    schedules: tuple[Schedule, ...]
    refusals: tuple[Refusal, ...]
    provided: tuple[str, ...]
    passed: tuple[tuple[str, str], ...] = ()
    missing: tuple[Cause, ...] = ()
