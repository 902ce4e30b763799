"""What a search for flaws found: flaws, those that were allowed, and what could not be decided."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from readyctl.model.flaw import Flaw
from readyctl.model.status import Severity


@dataclass(frozen=True, slots=True)
class RuleText:
    """What is said of a rule: `what` breaks it, `why` that matters, and how to `fix` it."""

    id: str
    severity: Severity
    what: str
    why: str
    fix: str
    link: str = ""


@dataclass(frozen=True, slots=True)
class Allowed:
    """A flaw that somebody accepted where it is, and the reason."""

    flaw: Flaw
    reason: str


@dataclass(frozen=True, slots=True)
class Undecided:
    """What was not looked at, or could not be: that is no pass."""

    what: str
    why: str
    file: str = ""
    line: int = 0

    @property
    def place(self) -> str:
        """The file and the line as far as they are known."""
        return f"{self.file}:{self.line}" if self.file and self.line else self.file


@dataclass(frozen=True, slots=True)
class FlawReport:
    """All that was found in `files` files; `rules` has the text of every rule that is named.

    `base` is the folder of the files as a path from where readyctl runs, with slashes.
    """

    files: int
    flaws: tuple[Flaw, ...] = ()
    allowed: tuple[Allowed, ...] = ()
    undecided: tuple[Undecided, ...] = ()
    rules: Mapping[str, RuleText] = field(default_factory=dict)
    base: str = ""

    def at_least(self, severity: Severity) -> tuple[Flaw, ...]:
        """Return the flaws that are as severe as `severity`, or more."""
        return tuple(flaw for flaw in self.flaws if flaw.severity.rank <= severity.rank)
