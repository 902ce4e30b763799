"""Row-level security as it was tested: who reaches which rows, and which cases hold."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from readyctl.model.flaw import Flaw
from readyctl.model.json import Json


class Command(StrEnum):
    """What policies and grants tell apart."""

    SELECT = "select"
    INSERT = "insert"
    UPDATE = "update"
    DELETE = "delete"


class Reach(StrEnum):
    """How far a caller's command reaches into a table.

    `none` is granted, and the policies give no row; `denied` is not granted. `undecided` says
    that nothing was found out, which is never good news.
    """

    ALL = "all"
    SOME = "some"
    NONE = "none"
    DENIED = "denied"
    ERROR = "error"
    UNDECIDED = "undecided"


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody to act as: a role, then settings, then statements that run as that role.

    `tenant` is the value that a row's tenant column has where the row is the caller's to see.
    """

    name: str
    role: str
    settings: tuple[tuple[str, str], ...] = ()
    sql: tuple[str, ...] = ()
    tenant: str = ""

    @property
    def bare(self) -> bool:
        """Whether it is the role alone, nobody having said who calls."""
        return not self.settings and not self.sql


@dataclass(frozen=True, slots=True)
class RlsTable:
    """A relation that can have row-level security, or that stands beside one that can.

    `kind` is table, partitioned, partition or foreign; a foreign table can have none.
    """

    name: str
    kind: str
    owner: str
    enabled: bool
    forced: bool
    policies: int


@dataclass(frozen=True, slots=True)
class Cell:
    """One command of one caller on one table; `live` unless only grants and policies were read.

    `rows` of `of` rows that were tried passed; `of` is None where nobody could count them.
    """

    table: str
    caller: str
    command: Command
    reach: Reach
    live: bool
    rows: int = 0
    of: int | None = None
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Matrix:
    """Every table, caller and command; `left_out` says what is not in it, and why."""

    tables: tuple[RlsTable, ...]
    callers: tuple[Caller, ...]
    cells: tuple[Cell, ...]
    left_out: tuple[str, ...] = ()

    def of(self, table: str, caller: str) -> tuple[Cell, ...]:
        """Return the cells of one table and caller, in the order of the commands."""
        return tuple(cell for cell in self.cells if (cell.table, cell.caller) == (table, caller))


@dataclass(frozen=True, slots=True)
class Case:
    """What a caller's command must come to; `expected` is a count, keys, or a word.

    `row` is what an insert puts in, or what an update sets. `file` and `line` are its place.
    """

    file: str
    line: int
    table: str
    caller: str
    command: Command
    expected: int | str | tuple[str, ...]
    where: str = ""
    row: tuple[tuple[str, Json], ...] = ()
    key: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A case, and what came out; `found` holds no value that the case does not."""

    case: Case
    holds: bool
    found: str


@dataclass(frozen=True, slots=True)
class RlsResult:
    """All of one test: matrix, cases, coverage, flaws, and what exactly was tested.

    `digest` is that of the policies, grants and flags that were in force.
    """

    matrix: Matrix
    cases: tuple[Judged, ...]
    covered: tuple[str, ...]
    uncovered: tuple[str, ...]
    flaws: tuple[Flaw, ...]
    digest: str
    database: str
    server: int

    @property
    def failed(self) -> tuple[Judged, ...]:
        """The cases that do not hold."""
        return tuple(judged for judged in self.cases if not judged.holds)
