"""Tests that no report can contradict its evidence, or another report."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import cast

import pytest
from hypothesis import given

from readyctl.errors import InternalError
from readyctl.model.check import Effort
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Status
from readyctl.report.markdown import launch_plan_markdown, scorecard_markdown
from readyctl.report.terminal import render, render_gate
from readyctl.report.terminal_plan import render_plan
from readyctl.report.viewmodel import launch_days
from readyctl.report.words import duration
from tests.report.scorecards import finding, go, no_go
from tests.report.strategies import Renderer, scorecards

_RENDERERS: tuple[Renderer, ...] = (
    scorecard_markdown,
    launch_plan_markdown,
    render,
    render_plan,
    render_gate,
)
_DURATION = re.compile(r"\b(\d[\d.]*(?: to \d[\d.]*)? days?)\b")
_TICKED = re.compile(r"^\s*- \[x\] `([^`]+)`", re.MULTILINE)
_ROW = re.compile(r"^\| .*% \| .*$|^\| .* \| \\- \| .*$", re.MULTILINE)


def _numbers(row: str) -> list[int]:
    """Return passed, applicable and the four counts of a row of the category table."""
    ratio, *counts = [cell.strip() for cell in row.strip("|").split("|")][3:]
    passed, applicable = (0, 0) if ratio == "\\-" else map(int, ratio.split("/"))
    return [passed, applicable, *map(int, counts)]


@given(scorecards)
def test_every_report_names_the_same_duration(card: Scorecard) -> None:
    """There is one duration, that of the plan, wherever a number of days is shown."""
    shown = {found for report in _RENDERERS for found in _DURATION.findall(report(card))}
    waited_for = any(task.critical for task in card.plan.tasks)
    assert shown == ({duration(card.plan)} if waited_for else set())


@given(scorecards)
def test_efforts_by_day_add_up_to_the_plan(card: Scorecard) -> None:
    """The work of the days is the work of the plan."""
    days = launch_days(card.plan)
    total = Effort(sum(d.effort.low for d in days), sum(d.effort.high for d in days))
    assert total == card.plan.effort


@given(scorecards)
def test_ticked_box_has_evidence(card: Scorecard) -> None:
    """A box is ticked only for a check that passes and says from where it is known."""
    proven = {f.check for f in card.findings if f.status is Status.PASS and f.evidence}
    ticked = _TICKED.findall(scorecard_markdown(card) + launch_plan_markdown(card))
    assert set(ticked) <= proven


def test_met_criterion_is_ticked() -> None:
    """The boxes of what is proven are ticked."""
    ticked = _TICKED.findall(scorecard_markdown(go()))
    assert sorted(ticked) == ["aurora-encrypted", "baa-aws", "functions-deployed"]


@given(scorecards)
def test_totals_are_the_sum_of_their_rows(card: Scorecard) -> None:
    """The last row of the category table is the sum of the others."""
    table = scorecard_markdown(card).split("## Scorecard")[1].split("## Blockers")[0]
    *parts, total = [_numbers(row) for row in _ROW.findall(table)]
    assert total == [sum(part[place] for part in parts) for place in range(6)]


@pytest.mark.parametrize("report", _RENDERERS)
def test_unknown_status_cannot_be_rendered(report: Renderer) -> None:
    """A status outside the closed set stops every report."""
    card = no_go()
    wrong = replace(card.findings[0], status=cast("Status", "partially"))
    with pytest.raises(InternalError):
        report(replace(card, findings=(wrong, *card.findings[1:])))


@pytest.mark.parametrize("report", _RENDERERS)
def test_totals_that_contradict_their_parts_cannot_be_rendered(report: Renderer) -> None:
    """A scorecard whose head says something else than its table stops every report."""
    card = no_go()
    with pytest.raises(InternalError):
        report(replace(card, tally=replace(card.tally, passed=card.tally.passed + 1)))


@pytest.mark.parametrize("report", _RENDERERS)
def test_weight_that_contradicts_the_categories_cannot_be_rendered(report: Renderer) -> None:
    """Readiness is computed over the same weight as the categories."""
    card = no_go()
    with pytest.raises(InternalError):
        report(replace(card, score=replace(card.score, weight=card.score.weight + 1)))


def test_pass_without_evidence_is_no_strength() -> None:
    """What passes without a source is not listed among what works."""
    from tests.report.scorecards import scorecard

    text = scorecard_markdown(scorecard([finding("bare", Status.PASS, source="")]))
    assert "Nothing was shown to work." in text


@given(scorecards)
def test_same_scorecard_gives_the_same_text(card: Scorecard) -> None:
    """No clock and no order of chance shows in a report."""
    assert [report(card) for report in _RENDERERS] == [report(card) for report in _RENDERERS]
