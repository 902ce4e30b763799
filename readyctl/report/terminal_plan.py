"""Renders a launch plan for a terminal: day by day, effort, and who is waited for."""

from __future__ import annotations

from readyctl.model.plan import LaunchPlan, Task
from readyctl.model.scorecard import Scorecard
from readyctl.report.layout import Page
from readyctl.report.terminal import add_people, add_target, add_verdict
from readyctl.report.viewmodel import (
    PlanDay,
    later_tasks,
    launch_days,
    plan_sentence,
    require_consistent,
    task_marks,
)
from readyctl.report.words import duration, hours, moment, plural, staffing


def render_plan(
    card: Scorecard,
    *,
    width: int = 80,
    color: bool = False,
    ascii_only: bool = False,
    show_all: bool = False,
    next_step: bool = True,
    repeated: str = "",
) -> str:
    """Return the launch plan of a scorecard; `show_all` adds what the launch does not wait for.

    Raises:
        InternalError: the scorecard contradicts itself.
    """
    require_consistent(card)
    page = Page(width, ascii_only)
    add_target(page, "Launch plan for", card)
    page.line(f"From the audit of {moment(card.header.audited_at)}", hang=2)
    page.blank()
    add_verdict(page, card)
    page.blank()
    _add_summary(page, card.plan)
    for day in launch_days(card.plan):
        _add_day(page, day)
    _add_later(page, card.plan, show_all=show_all)
    add_people(page, card)
    if next_step:
        page.blank()
        page.line(f"Next: readyctl launch plan{repeated} --output md > launch-plan.md", hang=2)
    return page.text(color=color)


def _add_summary(page: Page, plan: LaunchPlan) -> None:
    page.line(plan_sentence(plan), hang=2)
    if any(task.critical for task in plan.tasks):
        page.line(f"{staffing(plan).capitalize()}: ", (duration(plan), "bold"), hang=2)


def _add_day(page: Page, day: PlanDay) -> None:
    page.blank()
    page.line(
        (f"Day {day.number}", "bold"),
        f"   {hours(day.effort)}",
        f"   {plural(len(day.tasks), 'task')}",
        hang=2,
    )
    for task in day.tasks:
        _add_task(page, task)


def _add_task(page: Page, task: Task) -> None:
    page.line("[ ] ", (task.check, "bold"), f"   {', '.join(task_marks(task))}", indent=2, hang=4)
    page.line(task.summary or task.title, indent=6)
    if task.after:
        page.line((f"after {', '.join(task.after)}", "dim"), indent=6)


def _add_later(page: Page, plan: LaunchPlan, *, show_all: bool) -> None:
    later = later_tasks(plan)
    if not later:
        return
    page.blank()
    if not show_all:
        page.line(f"The launch does not wait for {plural(len(later), 'more task')} (--all)")
        return
    page.line(("The launch does not wait for", "bold"))
    for task in later:
        _add_task(page, task)
