"""Tests of the predicates about the schema."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from readyctl.evaluate.predicates.schema import published_subscriptions
from readyctl.model.json import Json
from readyctl.model.status import Status
from tests.evaluate.builders import NOW


@pytest.mark.parametrize(
    ("published", "table", "status"),
    [
        ("public.rooms", "rooms", Status.PASS),
        ("chat.rooms", "chat.rooms", Status.PASS),
        ("public.rooms_old", "rooms", Status.FAIL),
        ("public.rooms", "*", Status.OPEN),
    ],
)
def test_published_subscriptions(published: str, table: str, status: Status) -> None:
    """A table counts by its whole name; one that is not said is not decided."""
    facts: Mapping[str, Json] = {
        "publications": [{"name": "p", "tables": [published]}],
        "realtime_subscriptions": [{"file": "a.ts", "line": 3, "table": table}],
    }
    (item,) = published_subscriptions(facts, {}, NOW)
    assert (item.status, item.where) == (status, "a.ts:3")
