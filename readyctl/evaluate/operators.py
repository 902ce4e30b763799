"""The operators of conditions: each compares an observed value with an expected one.

Three-valued: True, False, or None when the value cannot be compared, which is never a pass.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from readyctl.model.json import Json

Compare = Callable[[Json, Json, datetime], bool | None]


@dataclass(frozen=True, slots=True)
class Operator:
    """An operator: how it compares, and how to say what it expects."""

    name: str
    compare: Compare
    phrase: str


def _number(value: Json) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value)


def _ordered(observed: Json, expected: Json, sign: int) -> bool | None:
    left, right = _number(observed), _number(expected)
    if left is None or right is None:
        return None
    return (left - right) * sign >= 0


def _equals(observed: Json, expected: Json, _: datetime) -> bool | None:
    if isinstance(observed, bool) is not isinstance(expected, bool):
        return None
    return observed == expected


def _not_equals(observed: Json, expected: Json, now: datetime) -> bool | None:
    equal = _equals(observed, expected, now)
    return None if equal is None else not equal


def _in(observed: Json, expected: Json, _: datetime) -> bool | None:
    return observed in expected if isinstance(expected, list | tuple) else None


def _not_in(observed: Json, expected: Json, now: datetime) -> bool | None:
    found = _in(observed, expected, now)
    return None if found is None else not found


def _contains(observed: Json, expected: Json, _: datetime) -> bool | None:
    if isinstance(observed, str) and isinstance(expected, str):
        return expected in observed
    return expected in observed if isinstance(observed, list | tuple) else None


def _matches(observed: Json, expected: Json, _: datetime) -> bool | None:
    if not isinstance(observed, str) or not isinstance(expected, str):
        return None
    return re.fullmatch(expected, observed) is not None


def _present(observed: Json, expected: Json, _: datetime) -> bool | None:
    filled = observed is not None and observed not in ("", [], {})
    return filled is (expected is not False)


def _at_least(observed: Json, expected: Json, _: datetime) -> bool | None:
    return _ordered(observed, expected, 1)


def _at_most(observed: Json, expected: Json, _: datetime) -> bool | None:
    return _ordered(observed, expected, -1)


def _younger_than_days(observed: Json, expected: Json, now: datetime) -> bool | None:
    days = _number(expected)
    if days is None or not isinstance(observed, str):
        return None
    try:
        moment = datetime.fromisoformat(observed)
    except ValueError:
        return None
    if moment.tzinfo is None or moment > now:
        return None
    return now - moment <= timedelta(days=days)


def _version(value: Json) -> tuple[int, ...] | None:
    if not isinstance(value, str) or not re.fullmatch(r"\d+(\.\d+)*", value):
        return None
    return tuple(int(part) for part in value.split("."))


def _version_at_least(observed: Json, expected: Json, _: datetime) -> bool | None:
    left, right = _version(observed), _version(expected)
    if left is None or right is None:
        return None
    width = max(len(left), len(right))
    return left + (0,) * (width - len(left)) >= right + (0,) * (width - len(right))


def _length_at_least(observed: Json, expected: Json, _: datetime) -> bool | None:
    if not isinstance(observed, Sequence | Mapping) or isinstance(observed, str):
        return None
    return _ordered(len(observed), expected, 1)


OPERATORS: Mapping[str, Operator] = {
    operator.name: operator
    for operator in (
        Operator("equals", _equals, "is"),
        Operator("not_equals", _not_equals, "is not"),
        Operator("in", _in, "is one of"),
        Operator("not_in", _not_in, "is none of"),
        Operator("contains", _contains, "contains"),
        Operator("matches", _matches, "matches"),
        Operator("present", _present, "is present:"),
        Operator("at_least", _at_least, "is at least"),
        Operator("at_most", _at_most, "is at most"),
        Operator("younger_than_days", _younger_than_days, "is younger in days than"),
        Operator("version_at_least", _version_at_least, "is at least version"),
        Operator("length_at_least", _length_at_least, "has at least this many entries:"),
    )
}
