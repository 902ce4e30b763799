"""What each operator says of a pair of values."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.evaluate.operators import OPERATORS
from readyctl.model.json import Json
from tests.evaluate.builders import NOW

CASES: list[tuple[str, Json, Json, bool | None]] = [
    ("equals", True, True, True),
    ("equals", "a", "b", False),
    ("equals", 1, True, None),
    ("not_equals", "a", "b", True),
    ("not_equals", 0, False, None),
    ("in", "a", ["a", "b"], True),
    ("in", "c", ["a", "b"], False),
    ("in", "a", "abc", None),
    ("not_in", "c", ["a"], True),
    ("contains", ["a"], "a", True),
    ("contains", "abc", "b", True),
    ("contains", 3, 3, None),
    ("matches", "python3.13", r"python3\.1[0-9]", True),
    ("matches", "xpython3.13", r"python3\.1[0-9]", False),
    ("matches", None, ".*", None),
    ("present", "", True, False),
    ("present", [], True, False),
    ("present", 0, True, True),
    ("present", None, False, True),
    ("at_least", 30, 30, True),
    ("at_least", 29, 30, False),
    ("at_least", "30", 30, None),
    ("at_least", True, 1, None),
    ("at_most", 5, 5, True),
    ("at_most", 6, 5, False),
    ("younger_than_days", "2026-11-21T12:00:00Z", 1, True),
    ("younger_than_days", "2026-11-21T11:59:59Z", 1, False),
    ("younger_than_days", "2026-11-23T12:00:00Z", 1, None),
    ("younger_than_days", "2026-11-22T12:00:00", 1, None),
    ("younger_than_days", "yesterday", 1, None),
    ("version_at_least", "16.4", "16", True),
    ("version_at_least", "9.6", "13", False),
    ("version_at_least", "16.x", "13", None),
    ("length_at_least", ["a", "b"], 2, True),
    ("length_at_least", ["a"], 2, False),
    ("length_at_least", "ab", 2, None),
]


@pytest.mark.parametrize(("name", "observed", "expected", "result"), CASES)
def test_operator(name: str, observed: Json, expected: Json, result: bool | None) -> None:
    """An operator decides what it can compare, and is undecided about the rest."""
    assert OPERATORS[name].compare(observed, expected, NOW) is result


def test_every_operator_has_a_case() -> None:
    """No operator goes untested."""
    assert {case[0] for case in CASES} == set(OPERATORS)


@given(
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
    st.lists(st.integers(0, 30), min_size=1, max_size=4),
)
def test_versions_are_ordered(left: list[int], right: list[int]) -> None:
    """Of two versions at least one is at least the other; both only when they are equal."""
    compare = OPERATORS["version_at_least"].compare
    a, b = ".".join(map(str, left)), ".".join(map(str, right))
    width = max(len(left), len(right))
    same = left + [0] * (width - len(left)) == right + [0] * (width - len(right))
    assert (compare(a, b, NOW), compare(b, a, NOW)).count(True) == (2 if same else 1)
