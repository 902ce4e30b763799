"""What predicates share: reading rows of facts, and items that are decided."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readyctl.evaluate.conditions import search
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status

Facts = Mapping[str, Json]


def rows(expression: str, facts: Facts) -> list[Mapping[str, Json]]:
    """Return the rows that a JMESPath expression selects.

    Raises:
        TypeError: it does not select a list.
    """
    found = search(expression, facts)
    if not isinstance(found, list):
        raise TypeError(f"{expression} is not a list")
    return found


def texts(value: Json) -> set[str]:
    """Return a list of names as a set.

    Raises:
        TypeError: it is not a list.
    """
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise TypeError("not a list of names")
    return {str(entry) for entry in value}


def decided(name: str, holds: bool, observed: str, expected: str) -> Item:
    """Return an item that passes if it `holds`, and fails otherwise."""
    return Item(
        name=name,
        status=Status.PASS if holds else Status.FAIL,
        observed=observed,
        expected=expected,
    )
