"""Conditions over one item: three-valued, so that what is unknown stays unknown."""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from functools import lru_cache

import jmespath
from jmespath.parser import ParsedResult

from readyctl.evaluate.operators import OPERATORS
from readyctl.model.check import Condition
from readyctl.model.json import Json

_SHOWN = 160


@lru_cache(maxsize=1024)
def expression(text: str) -> ParsedResult:
    """Compile a JMESPath expression; equal texts are compiled once.

    Raises:
        jmespath.exceptions.JMESPathError: the text is not JMESPath.
    """
    return jmespath.compile(text)


def search(text: str, data: Json) -> Json:
    """Return what a JMESPath expression selects."""
    found: Json = expression(text).search(data)
    return found


def holds(condition: Condition, item: Json, now: datetime) -> bool | None:
    """Return whether `condition` holds for `item`; None when that cannot be decided."""
    if condition.op:
        return _leaf(condition, item, now)
    if condition.all:
        return _every(holds(part, item, now) for part in condition.all)
    if condition.any:
        return _negated(
            _every(_negated(holds(part, item, now)) for part in condition.any),
        )
    return _every(_negated(holds(part, item, now)) for part in condition.none)


def _leaf(condition: Condition, item: Json, now: datetime) -> bool | None:
    observed = search(condition.path, item)
    # A null is something that was not observed; only `present` may speak about it.
    if observed is None and condition.op != "present":
        return None
    return OPERATORS[condition.op].compare(observed, condition.value, now)


def _every(parts: Iterable[bool | None]) -> bool | None:
    results = list(parts)
    if False in results:
        return False
    return None if None in results else True


def _negated(result: bool | None) -> bool | None:
    return None if result is None else not result


def expected(condition: Condition) -> str:
    """Say in words what a condition asks for."""
    if condition.op:
        phrase = OPERATORS[condition.op].phrase
        return f"{condition.path} {phrase} {shown(condition.value)}"
    if condition.all:
        return " and ".join(expected(part) for part in condition.all)
    if condition.any:
        return " or ".join(expected(part) for part in condition.any)
    return " and ".join(f"not ({expected(part)})" for part in condition.none)


def observed(condition: Condition, item: Json) -> str:
    """Say what was observed at the paths of a condition."""
    pairs = dict.fromkeys(_paths(condition))
    return ", ".join(f"{path} is {shown(search(path, item))}" for path in pairs)


def _paths(condition: Condition) -> Iterable[str]:
    if condition.op:
        yield condition.path
    for part in (*condition.all, *condition.any, *condition.none):
        yield from _paths(part)


def shown(value: Json) -> str:
    """Return a value as short text."""
    text = value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= _SHOWN else text[: _SHOWN - 1] + "…"
