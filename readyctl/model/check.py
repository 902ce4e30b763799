"""A check: what must hold, over which facts, why it matters and how to mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from readyctl.model.json import Json
from readyctl.model.status import Severity, Status


class WhenEmpty(StrEnum):
    """What a selection that matches nothing means."""

    FAIL = "fail"
    PASS = "pass"
    OPEN = "open"
    NOT_APPLICABLE = "notApplicable"


@dataclass(frozen=True, slots=True)
class Condition:
    """A leaf (`path`, `op`, `value`) or a combination (`all`, `any`, `none`) of conditions."""

    path: str = ""
    op: str = ""
    value: Json = None
    all: tuple[Condition, ...] = ()
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()


@dataclass(frozen=True, slots=True)
class Coverage:
    """Each of `expected` must be among `actual`; both are JMESPath expressions over the facts."""

    expected: str
    actual: str


@dataclass(frozen=True, slots=True)
class AttestationRule:
    """People must vouch: for the check itself, or for each name that `each` selects.

    A new attestation may be valid for at most `valid_days`.
    """

    statement: str
    each: str = ""
    valid_days: int = 365


@dataclass(frozen=True, slots=True)
class Judgement:
    """How a check decides; exactly one of `condition`, `coverage`, `attestation`, `predicate`.

    `label` is the path of an item's name, `where` of its place. With `by_ratio` a failure scores
    the measured share of items that hold; otherwise it scores nothing.
    """

    select: str = ""
    condition: Condition | None = None
    when_empty: WhenEmpty = WhenEmpty.FAIL
    label: str = "name"
    where: str = ""
    coverage: Coverage | None = None
    attestation: AttestationRule | None = None
    predicate: str = ""
    by_ratio: bool = False
    parameters: Mapping[str, Json] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Fix:
    """How to mend a failure; `commands` can be pasted, `automated` ones need no decision."""

    summary: str
    commands: tuple[str, ...] = ()
    automated: bool = False


@dataclass(frozen=True, slots=True)
class Effort:
    """Working hours, from the quickest honest estimate to the slowest."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Example:
    """Facts, and the status that the check must give on them; `None` marks an unavailable fact."""

    facts: Mapping[str, Json]
    status: Status
    name: str = ""


@dataclass(frozen=True, slots=True)
class Check:
    """One entry of the checklist, as its file declares it.

    `title` is said of a pass, `fail_title` of a failure; both may hold `{total}`, `{passed}`,
    `{failed}` and `{first}`; `none_title` is said of a failure because there is nothing at all.
    `after` names checks that must pass before this one can be mended.
    """

    id: str
    title: str
    fail_title: str
    category: str
    severity: Severity
    why: str
    facts: tuple[str, ...]
    judgement: Judgement
    fix: Fix
    effort: Effort
    examples: tuple[Example, ...]
    after: tuple[str, ...] = ()
    hipaa: tuple[str, ...] = ()
    references: tuple[str, ...] = ()
    none_title: str = ""
    strength: str = ""
    origin: str = ""
    digest: str = ""


@dataclass(frozen=True, slots=True)
class Category:
    """A section of the scorecard."""

    id: str
    title: str


@dataclass(frozen=True, slots=True)
class Checklist:
    """The checks of one audit, in the order of their categories, then severity, then id.

    `disabled` names the bundled checks that the config leaves out, `replaced` those whose place a
    check of the user's own takes.
    """

    version: str
    categories: tuple[Category, ...]
    weights: Mapping[Severity, int]
    checks: tuple[Check, ...]
    disabled: tuple[str, ...] = ()
    replaced: tuple[str, ...] = ()
    digest: str = ""
