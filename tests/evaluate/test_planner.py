"""How the launch plan orders and times what is left to do."""

from __future__ import annotations

from readyctl.evaluate.engine import evaluate
from readyctl.model.check import Check
from readyctl.model.json import Json
from readyctl.model.plan import LaunchPlan
from readyctl.model.status import Severity
from tests.evaluate.builders import check, checklist, facts

BAD: list[Json] = [{"name": "a", "good": False}]


def planned(*checks: Check, people: int = 1, hours: float = 6.0) -> LaunchPlan:
    """The plan when every check fails, except those over the fact `fine`."""
    values: dict[str, Json] = {"things": BAD}
    return evaluate(
        facts(values), checklist(*checks), facts_digest="", people=people, hours_per_day=hours
    ).plan


def test_a_chain_takes_the_sum_of_its_parts() -> None:
    """Tasks that wait for each other are not shortened by more people."""
    chain = (check("a", effort=(3, 6)), check("b", after=["a"], effort=(3, 6)))
    assert planned(*chain, people=5).days == (1, 2)


def test_independent_tasks_are_shared_out() -> None:
    """Independent tasks are done at the same time by different people."""
    tasks = [check(name, effort=(6, 6)) for name in ("a", "b")]
    assert (planned(*tasks).days, planned(*tasks, people=2).days) == ((2, 2), (1, 1))


def test_only_what_opens_the_gate_counts_into_the_duration() -> None:
    """A high finding that no blocker waits for follows, and does not lengthen the way."""
    plan = planned(
        check("gate", effort=(1, 2)),
        check("later", severity=Severity.HIGH, effort=(60, 60)),
    )
    assert (plan.days, plan.effort.high, plan.remaining) == ((1, 1), 2, 1)


def test_what_a_blocker_waits_for_is_critical() -> None:
    """A medium finding before a blocker is part of the critical path."""
    plan = planned(check("first", severity=Severity.MEDIUM), check("gate", after=["first"]))
    assert [(task.check, task.critical) for task in plan.tasks] == [
        ("first", True),
        ("gate", True),
    ]


def test_nothing_to_do_takes_no_time() -> None:
    """A system that passes has an empty plan of no days."""
    good: list[Json] = [{"name": "a", "good": True}]
    plan = evaluate(facts({"things": good}), checklist(check()), facts_digest="").plan
    assert (plan.tasks, plan.days) == ((), (0, 0))


def test_dependencies_reach_through_what_is_done() -> None:
    """A task waits for the open task before the finished one between them."""
    values: dict[str, Json] = {"things": BAD, "fine": [{"name": "a", "good": True}]}
    from dataclasses import replace

    from tests.evaluate.builders import good_things

    between = check(
        "between",
        after=["first"],
        needs=("fine",),
        judgement=replace(good_things(), select="fine"),
    )
    card = evaluate(
        facts(values),
        checklist(check("first"), between, check("last", after=["between"])),
        facts_digest="",
    )
    assert next(t for t in card.plan.tasks if t.check == "last").after == ("first",)
