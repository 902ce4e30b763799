"""Tests of the Markdown scorecard: one alert, no structure from names, a bounded size."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from hypothesis import given
from markdown_it import MarkdownIt

from readyctl.errors import InternalError
from readyctl.model.finding import Item
from readyctl.model.status import Severity, Status
from readyctl.report.markdown import launch_plan_markdown, scorecard_markdown
from tests.report.scorecards import finding, go, no_go, scorecard, with_waivers
from tests.report.strategies import HOSTILE, named

_PARSER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def _structure(text: str) -> list[str]:
    """Return every block and inline element, and every tag, but no text."""
    shape = []
    for token in _PARSER.parse(text):
        inner = [child.type for child in token.children or ()]
        shape.append(token.type + token.tag)
        shape += [kind for kind in inner if kind not in ("text", "code_inline")]
        shape += re.findall(r"<[^>]*>", token.content) if token.type == "html_block" else []
    return shape


@given(HOSTILE)
def test_names_make_no_structure(text: str) -> None:
    """A report about hostile names has the elements of one about plain names."""
    assert _structure(scorecard_markdown(named(text))) == _structure(
        scorecard_markdown(named("name"))
    )


@given(HOSTILE)
def test_names_make_no_structure_in_a_plan(text: str) -> None:
    """A launch plan about hostile names has the elements of one about plain names."""
    assert _structure(launch_plan_markdown(named(text))) == _structure(
        launch_plan_markdown(named("name"))
    )


@pytest.mark.parametrize(
    ("text", "alert"),
    [
        (scorecard_markdown(no_go()), "> [!CAUTION]"),
        (scorecard_markdown(with_waivers()), "> [!WARNING]"),
        (scorecard_markdown(go()), "> [!TIP]"),
        (launch_plan_markdown(no_go()), "> [!CAUTION]"),
    ],
)
def test_report_opens_with_its_one_alert(text: str, alert: str) -> None:
    """The alert follows the title and is the only one."""
    assert (text.split("\n")[2], text.count("> [!")) == (alert, 1)


def test_account_is_masked() -> None:
    """The account id never appears in full."""
    assert "112233444821" not in scorecard_markdown(no_go())


def test_blocker_names_file_and_line() -> None:
    """An affected component is shown with its file and line."""
    assert "`src/TelehealthSession.tsx:7`" in scorecard_markdown(no_go())


def test_undecided_title_makes_no_claim() -> None:
    """The heading of a check that was not decided does not read as if it held."""
    assert "### Not known: migrations-applied holds" in scorecard_markdown(no_go())


def test_open_finding_never_counts_as_working() -> None:
    """What could not be assessed is not among what works."""
    works = scorecard_markdown(no_go()).split("## What works")[1].split("\n## ")[0]
    assert "migrations-applied" not in works


def _long(items: int) -> str:
    names = tuple(Item(f"function-{number}", Status.FAIL, "missing") for number in range(items))
    return scorecard_markdown(scorecard([finding("x", Status.FAIL, items=names)]))


def test_long_list_says_how_many_are_left_out() -> None:
    """Of many items the first 50 are shown, and the number of the others."""
    text = _long(52)
    assert ("`function-49`" in text, "`function-50`" in text, "And 2 more" in text) == (
        True,
        False,
        True,
    )


def test_report_is_cut_at_a_section() -> None:
    """A report over its limit says so, stays under it, and leaves no block open."""
    many = [finding(f"check-{number}", Status.FAIL) for number in range(100)]
    text = scorecard_markdown(scorecard(many), limit=40_000)
    assert (
        len(text.encode()) <= 40_000,
        "Truncated: this report is too long" in text,
        text.count("<details>") - text.count("</details>"),
    ) == (True, True, 0)


def test_limit_without_room_is_an_error() -> None:
    """A limit that not even the head fits is refused, not answered with half a sentence."""
    with pytest.raises(InternalError):
        scorecard_markdown(no_go(), limit=500)


def test_gate_that_nothing_passes_says_so() -> None:
    """Without a passing blocker the verdict is NO-GO and the report says why."""
    card = scorecard([finding("x", Status.NOT_APPLICABLE)])
    assert "No blocker passes, so nothing speaks for a launch." in scorecard_markdown(card)


def test_partial_audit_says_that_it_is_partial() -> None:
    """An audit of selected checks says that it cannot open the gate."""
    card = replace(go(), selected=("aurora-encrypted",))
    assert "Only 1 check asked for" in scorecard_markdown(card)


def test_disabled_checks_are_shown() -> None:
    """What the config leaves out is named at the top."""
    assert "| Checks left out | `root-mfa` |" in scorecard_markdown(
        replace(go(), disabled=("root-mfa",))
    )


def test_name_without_utf_8_can_be_written() -> None:
    """A lone surrogate in a name does not stop the report from being encoded."""
    card = scorecard([finding("x", Status.FAIL, severity=Severity.LOW, message="a\udc80b")])
    assert "a\ufffdb" in scorecard_markdown(card).encode().decode()
