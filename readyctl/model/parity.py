"""How far a live database is what it is expected to be."""

from __future__ import annotations

from dataclasses import dataclass

from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.schema import Difference, Passed
from readyctl.model.status import Severity


@dataclass(frozen=True, slots=True)
class Parity:
    """What differs, and what is wrong with a schema even where it is as expected.

    `expectation` says in words what the database was held against. `passed` is what was not
    compared, and `ignored` what was not to be. `examined` is empty where no files made the schema.
    """

    expectation: str
    expected_version: int
    live_version: int
    database: str
    compared: int
    differences: tuple[Difference, ...]
    passed: tuple[Passed, ...] = ()
    ignored: tuple[Passed, ...] = ()
    examined: tuple[Examination, ...] = ()

    @property
    def flaws(self) -> tuple[Flaw, ...]:
        """What the examinations found, the most severe first."""
        found = [flaw for examination in self.examined for flaw in examination.flaws]
        return tuple(sorted(found, key=lambda flaw: flaw.severity.rank))

    @property
    def clean(self) -> bool:
        """Whether nothing differs, and nothing is wrong that blocks."""
        return not self.differences and not any(
            flaw.severity is Severity.BLOCKER for flaw in self.flaws
        )
