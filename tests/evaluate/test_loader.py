"""What a check file may say, and what is refused."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from readyctl.errors import ConfigError
from readyctl.evaluate.loader import check_from, checklist_from
from readyctl.model.json import Json
from readyctl.model.status import Severity
from tests.evaluate.builders import check

INDEX: dict[str, Json] = {
    "version": "1",
    "weights": {"blocker": 8, "high": 4, "medium": 2, "low": 1},
    "categories": [{"id": "things", "title": "Things"}, {"id": "more", "title": "More"}],
}


def data(**changes: Json) -> dict[str, Any]:
    """The data of a valid check file."""
    return {
        "id": "things-good",
        "title": "All {total} things are good",
        "fail_title": "{failed} things are bad",
        "category": "things",
        "severity": "blocker",
        "why": "Because.",
        "facts": ["things"],
        "select": "things",
        "require": {"path": "good", "op": "equals"},
        "fix": {"summary": "Mend it."},
        "effort": [1, 2],
        "examples": [],
        **changes,
    }


def test_a_check_is_built_from_its_data() -> None:
    """A valid file gives the check that it declares, with the origin that it came from."""
    built = check_from(data(), origin="here.yaml")
    assert (built.severity, built.judgement.select, built.origin) == (
        Severity.BLOCKER,
        "things",
        "here.yaml",
    )


@pytest.mark.parametrize(
    "change",
    [
        {"select": "things[?"},
        {"require": {"path": "good[", "op": "equals"}},
        {"require": {"path": "good", "op": "resembles"}},
        {"require": {"all": [{"path": "good", "op": "nearly"}]}},
        {"title": "All {everything} is good"},
        {"fail_title": "{unclosed"},
        {"effort": [3, 1]},
    ],
)
def test_what_cannot_be_judged_is_refused(change: dict[str, Json]) -> None:
    """An unknown operator, placeholder or a broken expression names the check and its file."""
    with pytest.raises(ConfigError) as caught:
        check_from(data(**change), origin="here.yaml")
    assert (caught.value.code, caught.value.where) == ("E0221", "here.yaml")


def test_unknown_predicate_is_refused() -> None:
    """A predicate that readyctl does not have is refused, and the known ones are named."""
    changed = data(predicate="magic")
    del changed["require"]
    with pytest.raises(ConfigError) as caught:
        check_from(changed, origin="here.yaml")
    assert "function_alarms" in caught.value.hint


@pytest.mark.parametrize(
    ("make", "code"),
    [
        (lambda: checklist_from(INDEX, [check(category="other")]), "E0221"),
        (lambda: checklist_from(INDEX, [check(after=["nothing"])]), "E0221"),
        (
            lambda: checklist_from(INDEX, [check("a", after=["b"]), check("b", after=["a"])]),
            "E0224",
        ),
        (lambda: checklist_from(INDEX, [check()], disabled=["nothing"]), "E0222"),
        (lambda: checklist_from(INDEX, [check()], disabled=["things-good"]), "E0223"),
    ],
)
def test_a_checklist_that_contradicts_itself_is_refused(
    make: Callable[[], object], code: str
) -> None:
    """Unknown categories and predecessors, cycles, and disabled blockers are refused."""
    with pytest.raises(ConfigError) as caught:
        make()
    assert caught.value.code == code


def test_a_disabled_check_is_left_out_and_named() -> None:
    """A check of lower severity can be disabled; the checklist says so."""
    built = checklist_from(INDEX, [check("a"), check("b", severity=Severity.LOW)], disabled=["b"])
    assert ([c.id for c in built.checks], built.disabled) == (["a"], ("b",))


def test_checks_are_in_the_order_of_categories_then_severity_then_id() -> None:
    """The order of the files does not matter."""
    built = checklist_from(
        INDEX,
        [
            check("z", category="more"),
            check("y", severity=Severity.LOW),
            check("x"),
            check("a"),
        ],
    )
    assert [c.id for c in built.checks] == ["a", "x", "y", "z"]


def test_an_own_check_takes_the_place_of_a_bundled_one() -> None:
    """The user's check of the same id is used, and the checklist names what it replaced."""
    mine = check("a", effort=(9, 9))
    built = checklist_from(INDEX, [check("a"), check("b")], own=[mine, check("c")])
    assert built.replaced == ("a",)
    assert [(c.id, c.effort.low) for c in built.checks] == [("a", 9), ("b", 1), ("c", 1)]


def test_a_blocker_is_replaced_by_a_blocker_only() -> None:
    """A check of lower severity in a blocker's place would open the gate unseen."""
    with pytest.raises(ConfigError) as caught:
        checklist_from(INDEX, [check("a")], own=[check("a", severity=Severity.LOW)])
    assert caught.value.code == "E0228"
