"""What a rule is: its text, and what finds where it is broken."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from readyctl.migrate.lint.schema import Schema
from readyctl.migrate.lint.step import Step
from readyctl.model.flawreport import RuleText
from readyctl.model.status import Severity


@dataclass(frozen=True, slots=True)
class Found:
    """A step that breaks a rule; `severity` where it is another than the rule's.

    `undecided` says that it could not be told whether it does.
    """

    step: Step
    message: str
    object: str = ""
    hint: str = ""
    severity: Severity | None = None
    undecided: bool = False


Each = Callable[[Step, Schema], Iterable[Found]]
Whole = Callable[[Schema], Iterable[Found]]


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule: `each` sees a step with the schema before it, `whole` the schema in the end."""

    text: RuleText
    each: Each | None = None
    whole: Whole | None = None


def rule(
    name: str,
    severity: Severity,
    what: str,
    why: str,
    fix: str,
    *,
    each: Each | None = None,
    whole: Whole | None = None,
) -> Rule:
    """Return a rule."""
    return Rule(RuleText(name, severity, what, why, fix), each, whole)
