"""Why migrations cannot be applied: what is not there, and which files that holds back."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """Why something is not there when a file needs it; REFUSED is anything else of the server."""

    NOBODY = "nobody"
    LATER = "later"
    DROPPED = "dropped"
    SUPABASE = "supabase"
    REFUSED = "refused"


@dataclass(frozen=True, slots=True)
class Place:
    """A line of a file, counted from 1; 0 is unknown."""

    file: str
    line: int

    def __str__(self) -> str:
        return f"{self.file}:{self.line}" if self.line else self.file


@dataclass(frozen=True, slots=True)
class Cause:
    """One root cause: the first place of each file that meets it, and the files that only follow.

    `what` is the thing that is not there, such as `table orders`, or what the server says. `by` is
    the file that makes it too late, or that dropped it.
    """

    what: str
    reason: Reason
    needs: tuple[Place, ...]
    follows: tuple[str, ...] = ()
    by: str = ""

    @property
    def held(self) -> int:
        """How many files it holds back."""
        return len(self.needs) + len(self.follows)


@dataclass(frozen=True, slots=True)
class Trial:
    """What became of each file of a trial, and why; a file that failed is in one cause at least."""

    applied: tuple[str, ...]
    failed: tuple[str, ...]
    causes: tuple[Cause, ...]
