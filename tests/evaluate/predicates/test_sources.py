"""What predicates find in source code."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from readyctl.evaluate.predicates.sources import leftovers
from readyctl.model.finding import Item
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import NOW

PLACE: Mapping[str, Json] = {"file": "web/chat.tsx", "line": 7, "kind": "channel"}


def judged(places: Sequence[Mapping[str, Json]], *scripts: int) -> Item:
    """What leftovers decides with so many scripts in each source folder."""
    facts: Mapping[str, Json] = {
        "uses": list(places),
        "source_roots": [{"path": "web", "scripts": number} for number in scripts],
    }
    (item,) = leftovers(facts, {"fact": "uses", "field": "kind"}, NOW)
    return item


def test_a_place_that_was_found_fails_where_it_is() -> None:
    """A use is named by its file and line."""
    item = judged([PLACE], 3)
    assert (item.status, item.where) == (Status.FAIL, "web/chat.tsx:7")


def test_scripts_without_a_find_pass() -> None:
    """Nothing found in scripts that were searched is evidence."""
    assert judged([], 0, 3).status is Status.PASS


def test_nothing_found_where_nothing_was_searched_is_open() -> None:
    """A source folder without a script proves nothing about the frontend."""
    assert judged([], 0).status is Status.OPEN


def test_without_a_source_folder_it_is_open() -> None:
    """No folder, no evidence."""
    assert judged([]).status is Status.OPEN
