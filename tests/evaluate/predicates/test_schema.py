"""Tests of the predicates about the schema."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from readyctl.evaluate.predicates.schema import (
    flawless_migrations,
    published_subscriptions,
    schema_parity,
)
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


def parity(compared: int, unchecked: Sequence[str] = (), **different: str) -> Mapping[str, Json]:
    """The fact of a comparison."""
    return {
        "schema_parity": {
            "expected_from": "a file",
            "compared": compared,
            "differences": [
                {"kind": "table", "object": name, "attribute": attribute, "state": "different"}
                for name, attribute in different.items()
            ],
            "unchecked": list(unchecked),
        }
    }


@pytest.mark.parametrize(
    ("facts", "statuses"),
    [
        (parity(3), [Status.PASS]),
        (parity(3, clients="owner"), [Status.FAIL]),
        (parity(3, ["2 languages"]), [Status.OPEN]),
        (parity(0), []),
    ],
)
def test_schema_parity(facts: Mapping[str, Json], statuses: list[Status]) -> None:
    """A difference fails, what is not compared is open, and nothing compared is nothing."""
    assert [item.status for item in schema_parity(facts, {}, NOW)] == statuses


def examined(*severities: str, undecided: Sequence[str] = ()) -> Mapping[str, Json]:
    """The fact of one examination, with flaws of some severities."""
    return {
        "migration_examinations": [
            {
                "name": "routines",
                "what": "routines",
                "decided": 3,
                "flaws": [
                    {"object": "f()", "message": "m", "file": "1.sql", "line": 2, "severity": one}
                    for one in severities
                ],
                "undecided": list(undecided),
            }
        ]
    }


@pytest.mark.parametrize(
    ("facts", "statuses"),
    [
        (examined(), [Status.PASS]),
        (examined("low"), [Status.PASS]),
        (examined("high", "low", "blocker"), [Status.FAIL, Status.FAIL]),
        (examined(undecided=["g()"]), [Status.OPEN]),
        (examined("high", undecided=["g()"]), [Status.FAIL, Status.OPEN]),
        ({"migration_examinations": []}, [Status.OPEN]),
    ],
)
def test_flawless_migrations(facts: Mapping[str, Json], statuses: list[Status]) -> None:
    """What is severe enough fails; what was not decided, or not looked for, is open."""
    parameters = {"examination": "routines", "severity": "high"}
    assert [item.status for item in flawless_migrations(facts, parameters, NOW)] == statuses
