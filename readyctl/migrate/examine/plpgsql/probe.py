"""The text of a probe: a body whose statements the server plans, and does not run."""

from __future__ import annotations

from dataclasses import dataclass, field

from readyctl.migrate.examine.plpgsql.scope import Scopes
from readyctl.migrate.examine.plpgsql.tree import Code

# What the probe ends with; its detail is a list of what the server said.
DONE = "RDY01"
_FAILED = (
    "exception when others then get stacked diagnostics readyctl_where_ = pg_exception_context;"
    " readyctl_found_ := readyctl_found_ || pg_catalog.jsonb_build_object('i', {number},"
    " 's', sqlstate, 'm', sqlerrm, 'c', readyctl_where_); end;"
)


@dataclass(frozen=True, slots=True)
class Item:
    """Something that the server analyses, and why its answer may not count.

    `expected` says what in the routine provides for a failure. `loose` are records whose columns
    depend on the way there. `hidden` where WHEN OTHERS catches the error.
    """

    code: Code
    expected: str = ""
    loose: frozenset[str] = frozenset()
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class Doubt:
    """Something in a routine that is not analysed, and why."""

    line: int
    reason: str


@dataclass(slots=True)
class Probe:
    """Is written while a tree is walked."""

    lines: list[str] = field(default_factory=list)
    items: list[Item] = field(default_factory=list)
    doubts: list[Doubt] = field(default_factory=list)
    made: set[str] = field(default_factory=set)
    scopes: Scopes = field(default_factory=Scopes)
    expected: list[str] = field(default_factory=list)
    hiding: int = 0

    def explain(self, text: str, code: Code) -> None:
        """Have a query, or a statement that changes rows, planned and not run."""
        self.attempt(f"for readyctl_row_ in explain {text}\n loop exit; end loop;", code)

    def value(self, code: Code) -> None:
        """Have an expression planned."""
        self.explain(f"select {code.text}", code)

    def attempt(self, statements: str, code: Code) -> None:
        """Run statements of the probe's own, and keep what the server says of them."""
        expected = self.expected[-1] if self.expected else ""
        number = len(self.items)
        self.items.append(Item(code, expected, self.scopes.loose(), self.hiding > 0))
        self.lines.append(f"begin {statements}\n{_FAILED.format(number=number)}")

    def quietly(self, statements: str) -> None:
        """Run statements of the probe's own that may fail."""
        self.lines.append(f"begin {statements}\nexception when others then null; end;")

    def doubt(self, line: int, reason: str) -> None:
        """Something is not analysed."""
        self.doubts.append(Doubt(line, reason))

    def text(self, conflict: str, declared: str = "") -> str:
        """Return the whole body."""
        option = f"#variable_conflict {conflict}\n" if conflict else ""
        inside = "\n".join(self.lines)
        return (
            f"{option}declare readyctl_found_ jsonb := '[]'; readyctl_row_ record;"
            f" readyctl_where_ text; {declared}\nbegin\n{inside}\n"
            f"raise exception using errcode = '{DONE}', message = 'done',"
            " detail = readyctl_found_::text;\nend"
        )
