"""Judges one check: from the facts that it names to the items it looked at and one status."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from jmespath.exceptions import JMESPathError

from readyctl.evaluate.attestations import attestations_of, attested_item, evidence_states
from readyctl.evaluate.conditions import expected, holds, observed, search, shown
from readyctl.evaluate.predicates import PREDICATES
from readyctl.model.check import AttestationRule, Check, Condition, Coverage, WhenEmpty
from readyctl.model.finding import Item, Measure
from readyctl.model.json import Json
from readyctl.model.status import Status

Facts = Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a check decided. `cause` says why nothing could be decided."""

    status: Status
    items: tuple[Item, ...] = ()
    score: float | None = None
    measure: Measure | None = None
    cause: str = ""


class _Undecidable(Exception):
    """The facts do not have the shape that the check expects."""


def judge(check: Check, facts: Facts, now: datetime) -> Outcome:
    """Return the outcome of `check` on the facts that it names; pure.

    Facts of an unexpected shape give `open`, never a pass.
    """
    try:
        items = _items(check, facts, now)
    except (_Undecidable, JMESPathError, KeyError, TypeError, ValueError, AttributeError) as error:
        detail = str(error) or type(error).__name__
        return Outcome(Status.OPEN, cause=f"the facts lack what this check reads: {shown(detail)}")
    if not items:
        return _empty(check.judgement.when_empty)
    return _summed(items, by_ratio=check.judgement.by_ratio)


def _items(check: Check, facts: Facts, now: datetime) -> tuple[Item, ...]:
    rule = check.judgement
    if rule.coverage:
        return _covered(rule.coverage, facts)
    if rule.attestation:
        return _attested(check.id, rule.attestation, facts, now)
    if rule.predicate:
        return PREDICATES[rule.predicate](facts, rule.parameters, now)
    if rule.condition is None:
        raise _Undecidable("the check has no judgement")
    condition = rule.condition
    return tuple(
        _conditional(condition, item, _name(item, rule.label, index), rule.where, now)
        for index, item in enumerate(_selected(rule.select, facts))
    )


def _selected(select: str, facts: Facts) -> Sequence[Json]:
    found = search(select, facts)
    if found is None:
        raise _Undecidable(f"{select} selects nothing that was observed")
    return found if isinstance(found, list) else (found,)


def _name(item: Json, label: str, index: int) -> str:
    if isinstance(item, str):
        return item
    found = search(label, item)
    return shown(found) if found is not None else f"#{index + 1}"


def _conditional(condition: Condition, item: Json, name: str, where: str, now: datetime) -> Item:
    place = search(where, item) if where else ""
    return Item(
        name=name,
        status=_STATUS[holds(condition, item, now)],
        observed=observed(condition, item),
        expected=expected(condition),
        where=str(place or ""),
    )


_STATUS = {True: Status.PASS, False: Status.FAIL, None: Status.OPEN}


def _names(expression: str, facts: Facts) -> list[str]:
    found = search(expression, facts)
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise _Undecidable(f"{expression} is not a list of names")
    return [str(name) for name in found]


def _covered(coverage: Coverage, facts: Facts) -> tuple[Item, ...]:
    actual = set(_names(coverage.actual, facts))
    return tuple(
        Item(
            name=name,
            status=Status.PASS if name in actual else Status.FAIL,
            observed="present" if name in actual else "missing",
            expected="present",
        )
        for name in dict.fromkeys(_names(coverage.expected, facts))
    )


def _attested(check: str, rule: AttestationRule, facts: Facts, now: datetime) -> tuple[Item, ...]:
    value = facts["attestations"]
    given = [entry for entry in attestations_of(value) if entry.check == check]
    states = evidence_states(value)
    subjects = _names(rule.each, facts) if rule.each else [""]
    return tuple(
        attested_item(
            subject or check,
            rule,
            [entry for entry in given if entry.subject == subject],
            states,
            now.date(),
        )
        for subject in dict.fromkeys(subjects)
    )


def _empty(meaning: WhenEmpty) -> Outcome:
    status = Status(meaning.value)
    scores: Mapping[Status, float] = {Status.PASS: 1.0, Status.FAIL: 0.0}
    cause = "there was nothing to look at" if status is Status.OPEN else ""
    return Outcome(status, score=scores.get(status), cause=cause)


def _summed(items: tuple[Item, ...], *, by_ratio: bool) -> Outcome:
    passed = _count(items, lambda item: item.status is Status.PASS)
    measure = Measure(passed, len(items))
    for status in (Status.FAIL, Status.OPEN, Status.REVIEW):
        if any(item.status is status for item in items):
            break
    else:
        return Outcome(Status.PASS, items, 1.0, measure)
    score = (measure.ratio if by_ratio else 0.0) if status is Status.FAIL else None
    cause = _unobserved(items) if status is Status.OPEN else ""
    return Outcome(status, items, score, measure, cause)


def _unobserved(items: tuple[Item, ...]) -> str:
    first = next(item for item in items if item.status is Status.OPEN)
    return f"{first.name}: {first.observed}"


def _count(items: Iterable[Item], holds_for: Callable[[Item], bool]) -> int:
    return sum(1 for item in items if holds_for(item))
