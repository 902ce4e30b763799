"""Tests that whole reports read as they were last looked at and approved."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from readyctl.model.scorecard import Scorecard
from readyctl.report.json import scorecard_json
from readyctl.report.markdown import launch_plan_markdown, scorecard_markdown
from readyctl.report.terminal import render, render_gate
from readyctl.report.terminal_plan import render_plan
from tests.report.golden import assert_golden
from tests.report.scorecards import go, no_go, with_waivers

_CARDS: dict[str, Callable[[], Scorecard]] = {
    "go": go,
    "no-go": no_go,
    "waivers": with_waivers,
}


@pytest.mark.parametrize("name", _CARDS)
def test_markdown_reads_as_approved(name: str) -> None:
    """The Markdown scorecard is the approved one, byte for byte."""
    assert_golden(f"scorecard-{name}.md", scorecard_markdown(_CARDS[name]()).encode())


@pytest.mark.parametrize("name", _CARDS)
def test_terminal_reads_as_approved(name: str) -> None:
    """The terminal scorecard at 80 columns is the approved one."""
    text = render(_CARDS[name](), width=80, wrote=["scorecard.md"])
    assert_golden(f"scorecard-{name}.txt", text.encode())


@pytest.mark.parametrize("name", _CARDS)
def test_json_reads_as_approved(name: str) -> None:
    """The JSON scorecard is the approved one, byte for byte."""
    assert_golden(f"scorecard-{name}.json", scorecard_json(_CARDS[name]()))


def test_plan_markdown_reads_as_approved() -> None:
    """The Markdown launch plan is the approved one."""
    assert_golden("launch-plan.md", launch_plan_markdown(no_go()).encode())


def test_plan_terminal_reads_as_approved() -> None:
    """The terminal launch plan with all its tasks is the approved one."""
    assert_golden("launch-plan.txt", render_plan(no_go(), show_all=True).encode())


def test_gate_reads_as_approved() -> None:
    """The gate in ASCII is the approved one."""
    assert_golden("launch-gate.txt", render_gate(with_waivers(), ascii_only=True).encode())
