"""What is wrong with migrations or with the schema that they make, each flaw with its place."""

from __future__ import annotations

from dataclasses import dataclass

from readyctl.model.status import Severity


@dataclass(frozen=True, slots=True)
class Flaw:
    """One thing that breaks a rule.

    `rule` is a stable name, such as `definer-search-path`. `object` is what breaks it, as SQL
    names it. `file` is a migration's path as messages show it, empty where only the database was
    looked at; `line` and `column` count from 1, 0 is unknown. `hint` says what to do. None of them
    holds a value of a row.
    """

    rule: str
    severity: Severity
    message: str
    object: str = ""
    file: str = ""
    line: int = 0
    column: int = 0
    hint: str = ""

    @property
    def place(self) -> str:
        """The file, line and column as far as they are known."""
        known = (self.file, *(str(number) for number in (self.line, self.column) if number))
        return ":".join(known) if self.file else ""
