"""Tests of the terminal reports: what leads, what fits, and that names stay names."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from rich.cells import cell_len

from readyctl.model.check import (
    AttestationRule,
    Check,
    Condition,
    Coverage,
    Effort,
    Fix,
    Judgement,
)
from readyctl.model.finding import AppliedWaiver
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Severity, Status
from readyctl.report.terminal import render, render_gate
from readyctl.report.terminal_check import judgement_lines, render_check
from readyctl.report.terminal_plan import render_plan
from tests.report.scorecards import finding, go, no_go, scorecard, with_waivers
from tests.report.strategies import HOSTILE, named

_STYLE = re.compile(r"\x1b\[[\d;]*m")
_CHECK = Check(
    id="functions-deployed",
    title="All {total} functions are deployed",
    fail_title="{failed} of {total} functions are not deployed",
    category="backend",
    severity=Severity.BLOCKER,
    why="A route without a function answers 5xx.",
    facts=("backend_manifest", "lambda_functions"),
    judgement=Judgement(coverage=Coverage("backend_manifest.functions", "lambda_functions[].name")),
    fix=Fix("Deploy the functions", ("readyctl deploy plan", "readyctl deploy apply"), True),
    effort=Effort(0.5, 1),
    examples=(),
    hipaa=("164.308(a)(7)(i)",),
    origin="checks/backend/functions-deployed.yaml",
)


@pytest.mark.parametrize("width", [60, 80, 120, 200])
@pytest.mark.parametrize("card", [go(), no_go(), with_waivers(), named("a long name " * 20)])
def test_no_line_is_wider_than_the_terminal(width: int, card: Scorecard) -> None:
    """Every line fits, so that the terminal never wraps a table."""
    text = render(card, width=width, show_all=True) + render_plan(card, width=width)
    assert max(cell_len(line) for line in text.splitlines()) <= width


@given(HOSTILE)
def test_names_bring_no_control_characters(text: str) -> None:
    """Names add no escape sequence, no line and no markup, with colour or without."""
    colored = render(named(text), color=True, show_all=True)
    plain = render(named(text), show_all=True)
    assert _STYLE.sub("", colored) == plain
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e]", plain)


def test_markup_in_a_name_is_shown() -> None:
    """Square brackets in a name are text, not a style."""
    assert "[red]markup[/red]" in render(named("[red]markup[/red]"), width=120)


def test_ascii_output_is_ascii() -> None:
    """For a stream that encodes nothing else every character is ASCII."""
    assert render(named("Zo\u00eb \u202e"), ascii_only=True, show_all=True).isascii()


def test_statuses_are_words() -> None:
    """Every finding shown is named by a word; a sign never stands alone."""
    text = render(no_go())
    assert [text.count(f"  {word} ") for word in ("FAIL", "UNKNOWN", "ATTEST")] == [4, 2, 1]


def test_no_colour_unless_asked() -> None:
    """Without colour there is no escape sequence at all."""
    assert "\x1b" not in render(no_go())


def test_environment_does_not_change_the_output(monkeypatch: pytest.MonkeyPatch) -> None:
    """The caller decides on width and colour; variables do not."""
    expected = render(no_go(), color=True)
    for name, value in (("NO_COLOR", "1"), ("TERM", "dumb"), ("COLUMNS", "40")):
        monkeypatch.setenv(name, value)
    assert render(no_go(), color=True) == expected


def test_first_forty_blockers_are_shown() -> None:
    """Of very many blockers forty are listed, and how to see the rest."""
    card = scorecard([finding(f"check-{number:02}", Status.FAIL) for number in range(42)])
    text = render(card)
    assert (text.count("  FAIL "), "40 shown, --all for the rest" in text) == (40, True)


def test_all_blockers_are_shown_on_request() -> None:
    """With `show_all` nothing is left out."""
    card = scorecard([finding(f"check-{number:02}", Status.FAIL) for number in range(42)])
    assert render(card, show_all=True).count("  FAIL ") == 42


def test_report_ends_with_the_next_step() -> None:
    """The last line suggests one command."""
    assert render(no_go()).splitlines()[-1] == "Next: readyctl launch plan"


def test_next_step_can_be_muted() -> None:
    """In CI no command is suggested."""
    assert "Next:" not in render(no_go(), next_step=False)


def test_written_files_are_named() -> None:
    """The reports that were written are named."""
    assert "Wrote a.md, b.json" in render(no_go(), wrote=["a.md", "b.json"])


def test_unknown_count_of_functions_is_no_zero() -> None:
    """Functions that could not be counted are unknown, and so is their total."""
    rows = tuple(replace(row, deployed=None) for row in no_go().inventory)
    (total,) = [
        line
        for line in render(replace(no_go(), inventory=rows)).splitlines()
        if line.startswith("  All") and "unknown" in line
    ]
    assert total.split() == ["All", "104", "92", "unknown"]


def test_inventory_is_left_out_when_all_is_deployed() -> None:
    """Nobody reads a table that says that nothing is missing."""
    assert "Declared" not in render(go())


def test_gate_names_who_accepted_a_risk() -> None:
    """The gate shows the waiver with its approver and end."""
    assert "until 2026-09-10, Dr. M. Okafor" in render_gate(with_waivers())


def test_plan_hides_what_the_launch_does_not_wait_for() -> None:
    """Tasks off the critical path are counted, not listed."""
    text = render_plan(no_go())
    assert ("alarm-subscribers" in text, "3 more tasks (--all)" in text) == (False, True)


def test_explanation_shows_the_last_result() -> None:
    """A check is explained together with what it last found, when and from where."""
    last = finding(
        "functions-deployed",
        Status.FAIL,
        title="102 of 104 functions are not deployed",
        measure=(2, 104),
    )
    text = " ".join(render_check(_CHECK, last, weight=8).split())
    assert "FAIL on 2026-08-22 10:00 UTC: 102 of 104 functions are not deployed scores 1%" in text


def test_explanation_shows_the_waiver() -> None:
    """An accepted risk is shown where its check is explained."""
    waiver = AppliedWaiver("pilot", "J. Doe", date(2026, 12, 1))
    last = replace(finding("x", Status.FAIL), waiver=waiver)
    assert "waived until 2026-12-01 by J. Doe: pilot" in render_check(_CHECK, last)


def test_explanation_needs_no_result() -> None:
    """A check that never ran is explained all the same."""
    assert "Last result" not in render_check(_CHECK)


@pytest.mark.parametrize("words", ["readyctl deploy plan", "0.5 to 1 h, automated", "164.308"])
def test_explanation_says_how_to_mend_it(words: str) -> None:
    """Commands, effort and citations are part of the explanation."""
    assert words in render_check(_CHECK)


@pytest.mark.parametrize(
    ("judgement", "expected"),
    [
        (Judgement(coverage=Coverage("a", "b")), ["each of a", "is among b"]),
        (Judgement(predicate="rls_effective"), ["the rule rls_effective holds"]),
        (
            Judgement(attestation=AttestationRule("A BAA is signed", each="vendors")),
            ["a person attests: A BAA is signed", "for each of vendors"],
        ),
        (
            Judgement(
                select="x[]",
                condition=Condition(any=(Condition("a", "eq", 3), Condition("b", "exists"))),
            ),
            ["each of x[]", "any of", "  a eq 3", "  b exists"],
        ),
    ],
)
def test_judgement_is_told_in_its_own_terms(judgement: Judgement, expected: list[str]) -> None:
    """How a check decides is shown with the names and values of its file."""
    assert judgement_lines(judgement) == expected


def test_accepted_risk_is_never_hidden() -> None:
    """An audit whose blockers are waived names them, their approver and their end."""
    assert "WAIVED   smoke-current  until 2026-09-10, Dr. M. Okafor" in render(with_waivers())


def test_command_is_never_wrapped() -> None:
    """A command can be copied, however long it is."""
    command = "aws cloudtrail create-trail " + "--name telehealth " * 10
    text = render_check(replace(_CHECK, fix=Fix("Make a trail", (command,))))
    assert f"    {command.strip()}\n" in text


def test_changes_to_the_checklist_are_shown() -> None:
    """Bundled checks that were left out or replaced are named below the verdict."""
    card = replace(no_go(), disabled=("resource-tags",), replaced=("aurora-cluster",))
    text = render(card)
    assert "Checks left out: resource-tags" in text
    assert "Checks replaced by own checks: aurora-cluster" in text
