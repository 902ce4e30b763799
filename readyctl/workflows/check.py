"""Tests checks by the examples in their files, and begins new ones."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import msgspec

from readyctl.clients.files import read_text, write_text
from readyctl.errors import UsageError
from readyctl.evaluate.findings import facts_of
from readyctl.evaluate.judge import judge
from readyctl.model.check import Check, Example
from readyctl.model.status import Status
from readyctl.resources import bundled

if TYPE_CHECKING:
    from readyctl.gather.base import FactSpec

# Examples speak of days; they are judged on one that never changes.
EXAMPLES_NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class ExampleFailure:
    """An example that does not say what its check says."""

    check: str
    example: str
    problem: str
    origin: str


def failures(check: Check, specs: Mapping[str, FactSpec]) -> Iterator[ExampleFailure]:
    """Yield what is wrong with the examples of a check."""
    for number, example in enumerate(check.examples, start=1):
        problem = _problem(check, example, specs)
        if problem:
            name = example.name or f"#{number} ({example.status.value})"
            yield ExampleFailure(check.id, name, problem, check.origin)


def _problem(check: Check, example: Example, specs: Mapping[str, FactSpec]) -> str:
    needed = facts_of(check)
    if set(example.facts) != set(needed):
        return f"it gives {_listed(example.facts)}, and the check needs {_listed(needed)}"
    for name, value in example.facts.items():
        if name not in specs:
            return f"there is no fact {name}"
        try:
            if value is not None:
                msgspec.convert(value, specs[name].shape)
        except msgspec.ValidationError as error:
            return f"the fact {name} is never like this: {error}"
    unavailable = None in example.facts.values()
    found = Status.OPEN if unavailable else judge(check, example.facts, EXAMPLES_NOW).status
    return "" if found is example.status else f"the check says {found}, not {example.status}"


def _listed(names: Mapping[str, object] | tuple[str, ...]) -> str:
    return ", ".join(sorted(names)) or "no fact"


def begin(name: str, category: str, folder: Path) -> Path:
    """Write a check with its three examples, to be changed into what is wanted.

    Raises:
        UsageError: E0105, there is a file already.
    """
    path = folder / category / f"{name}.yaml"
    if path.exists():
        raise UsageError("E0105", f"{path.name} exists already", where=str(path))
    template = read_text(bundled("templates", "check.yaml"))
    write_text(path, template.replace("CHECK-ID", name).replace("CATEGORY", category))
    return path
