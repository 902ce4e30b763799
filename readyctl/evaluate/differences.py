"""Says what differs between two sets of facts: pure, and in the facts' own words."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from readyctl.model.fact import Fact, FactSet, Unavailable
from readyctl.model.json import Json

_KEYS = ("name", "id", "key", "arn", "check")


@dataclass(frozen=True, slots=True)
class Difference:
    """One place where two sets of facts differ; an empty side was not there."""

    fact: str
    place: str
    before: str
    after: str


def differences(before: FactSet, after: FactSet) -> Iterator[Difference]:
    """Yield what changed from `before` to `after`, by fact and place."""
    for name in sorted({*before.facts, *after.facts}):
        old, new = before.facts.get(name), after.facts.get(name)
        if isinstance(old, Fact) and isinstance(new, Fact):
            yield from _compared(name, "", old.value, new.value)
        elif _state(old) != _state(new):
            yield Difference(name, "", _state(old), _state(new))


def _state(fact: Fact | Unavailable | None) -> str:
    if fact is None:
        return "not gathered"
    return "available" if isinstance(fact, Fact) else f"unavailable: {fact.message}"


def _compared(fact: str, place: str, old: Json, new: Json) -> Iterator[Difference]:
    if old == new:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        yield from _mappings(fact, place, old, new)
    elif isinstance(old, list) and isinstance(new, list):
        key = _key(old, new)
        yield from _mappings(fact, place, _keyed(old, key), _keyed(new, key))
    else:
        yield Difference(fact, place, _text(old), _text(new))


def _mappings(
    fact: str, place: str, old: Mapping[str, Json], new: Mapping[str, Json]
) -> Iterator[Difference]:
    for key in sorted({*old, *new}):
        inner = f"{place}.{key}" if place else key
        if key not in old:
            yield Difference(fact, inner, "", _text(new[key]))
        elif key not in new:
            yield Difference(fact, inner, _text(old[key]), "")
        else:
            yield from _compared(fact, inner, old[key], new[key])


def _key(*lists: Sequence[Json]) -> str:
    """Return the field that tells the rows of each list apart, nothing where none does."""
    return next((key for key in _KEYS if all(_names_rows(key, rows) for rows in lists)), "")


def _names_rows(key: str, rows: Sequence[Json]) -> bool:
    names = [row.get(key) if isinstance(row, Mapping) else None for row in rows]
    texts = {name for name in names if isinstance(name, str)}
    return len(texts) == len(rows)


def _keyed(rows: Sequence[Json], key: str) -> Mapping[str, Json]:
    if key:
        return {str(row[key]): row for row in rows if isinstance(row, Mapping)}
    found: dict[str, Json] = {}
    for row in rows:
        text = _text(row)
        count = 2
        while text in found:
            text, count = f"{_text(row)} #{count}", count + 1
        found[text] = row
    return found


def _text(value: Json) -> str:
    return value if isinstance(value, str) and value else json.dumps(value, ensure_ascii=False)
