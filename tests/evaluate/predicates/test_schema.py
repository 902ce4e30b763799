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


def flaws(rules: Sequence[str], **examined: list[str]) -> Mapping[str, Json]:
    """The fact of flaws."""
    return {
        "migration_flaws": {
            "flaws": [
                {"rule": rule, "object": "f()", "message": "m", "file": "1.sql", "line": 2}
                for rule in rules
            ],
            "examined": [
                {"rule": rule, "decided": 3, "undecided": undecided}
                for rule, undecided in examined.items()
            ],
        }
    }


@pytest.mark.parametrize(
    ("facts", "statuses"),
    [
        (flaws([], routines=[]), [Status.PASS]),
        (flaws(["triggers"], routines=[]), [Status.PASS]),
        (flaws(["routines"], routines=[]), [Status.FAIL]),
        (flaws([], routines=["g()"]), [Status.OPEN]),
        (flaws([]), [Status.OPEN]),
        (flaws(["routines"]), [Status.FAIL, Status.OPEN]),
    ],
)
def test_flawless_migrations(facts: Mapping[str, Json], statuses: list[Status]) -> None:
    """Only the rule counts; what it could not decide, or did not look at, is open."""
    parameters = {"rule": "routines", "decided_by": "routines"}
    assert [item.status for item in flawless_migrations(facts, parameters, NOW)] == statuses
