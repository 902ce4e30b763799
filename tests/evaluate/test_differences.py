"""What differs between two sets of facts."""

from __future__ import annotations

from datetime import UTC, datetime

from hypothesis import given
from hypothesis import strategies as st

from readyctl.evaluate.differences import Difference, differences
from readyctl.model.fact import Fact, FactSet, Provenance, Reason, Target, Unavailable
from readyctl.model.json import Json

_NOW = datetime(2026, 1, 1, tzinfo=UTC)
_PLACE = Provenance("test", "123456789012", "us-east-1", _NOW)


def _facts(**values: Json) -> FactSet:
    facts = {name: Fact(name, value, _PLACE) for name, value in values.items()}
    return FactSet(Target("s", "e", "a", "r"), _NOW, facts, "0")


def _diff(old: Json, new: Json) -> list[Difference]:
    return list(differences(_facts(a=old), _facts(a=new)))


def test_rows_are_compared_by_name() -> None:
    """A row that moved has not changed; one whose field changed is named with the field."""
    old: Json = [{"name": "x", "size": 1}, {"name": "y", "size": 2}]
    new: Json = [{"name": "y", "size": 3}, {"name": "x", "size": 1}]
    assert _diff(old, new) == [Difference("a", "y.size", "2", "3")]


def test_repeated_rows_are_counted() -> None:
    """Of two equal rows, one can go."""
    assert len(_diff([1, 1], [1])) == 1


def test_fact_that_became_unavailable_is_a_difference() -> None:
    """A fact that could no longer be gathered is not an empty one."""
    lost = FactSet(
        Target("s", "e", "a", "r"),
        _NOW,
        {"a": Unavailable("a", Reason.DENIED, "denied", _PLACE)},
        "0",
    )
    (found,) = differences(_facts(a=[]), lost)
    assert (found.before, found.after) == ("available", "unavailable: denied")


_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=3), inner),
    max_leaves=12,
)


@given(_JSON)
def test_nothing_differs_from_itself(value: Json) -> None:
    """A value has no difference from itself."""
    assert _diff(value, value) == []


@given(st.lists(_JSON, max_size=4), st.lists(_JSON, max_size=4))
def test_a_row_more_is_a_difference(old: list[Json], new: list[Json]) -> None:
    """Lists of different length always differ."""
    assert len(old) == len(new) or _diff(old, new)
