"""Flaws as text, SARIF and workflow commands, with whatever others have chosen as names."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import Allowed, FlawReport, RuleText, Undecided
from readyctl.model.status import Severity
from readyctl.report.annotations import command, flaws_annotations
from readyctl.report.flaws import flaws_data, render_flaws, render_rule
from readyctl.report.sarif import flaws_sarif

_FILE = Path(__file__).parent / "schemas" / "sarif-2.1.0.json"
SCHEMA = jsonschema.Draft4Validator(json.loads(_FILE.read_text(encoding="utf-8")))
RULE = RuleText("drop-table", Severity.HIGH, "What it is.", "Why.", "Do this.", "https://x.test/a")
FLAW = Flaw(
    "drop-table", Severity.HIGH, "t is dropped", "t", "1 ä.sql", 3, 5, "rename it, then: drop"
)
LOW = Flaw("other", Severity.LOW, "x is small", "x", "2.sql", 1, 1)
UNDECIDED = Undecided("squawk", "it is not installed")

_TEXT = st.text(max_size=30)
_FLAWS = st.builds(
    Flaw,
    rule=st.sampled_from(["drop-table", "other"]),
    severity=st.sampled_from(Severity),
    message=_TEXT,
    object=_TEXT,
    file=_TEXT,
    line=st.integers(0, 99),
    column=st.integers(0, 99),
    hint=_TEXT,
)
_REPORTS = st.builds(
    FlawReport,
    files=st.integers(0, 9),
    flaws=st.lists(_FLAWS, max_size=4).map(tuple),
    allowed=st.lists(st.builds(Allowed, _FLAWS, _TEXT), max_size=2).map(tuple),
    undecided=st.lists(
        st.builds(Undecided, _TEXT, _TEXT, _TEXT, st.integers(0, 9)), max_size=2
    ).map(tuple),
    rules=st.just({"drop-table": RULE}),
    base=st.sampled_from(["", "db/migrations", "/srv/m"]),
)


def report(*flaws: Flaw, **more: Any) -> FlawReport:
    """A report of two files."""
    return FlawReport(2, flaws, rules={"drop-table": RULE}, base="db", **more)


def run(found: FlawReport) -> dict[str, Any]:
    """The one run of a SARIF log."""
    (only,) = json.loads(flaws_sarif(found))["runs"]
    return dict(only)


@settings(deadline=None, max_examples=50)
@given(_REPORTS)
def test_sarif_keeps_to_its_schema(found: FlawReport) -> None:
    """Whatever names and messages hold."""
    SCHEMA.validate(json.loads(flaws_sarif(found)))


@pytest.mark.parametrize(
    ("severity", "level"),
    [
        (Severity.BLOCKER, "error"),
        (Severity.HIGH, "error"),
        (Severity.MEDIUM, "warning"),
        (Severity.LOW, "note"),
    ],
)
def test_severities_are_levels(severity: Severity, level: str) -> None:
    """A blocker and a high one are errors."""
    (result,) = run(report(Flaw("other", severity, "m")))["results"]
    assert result["level"] == level


def test_sarif_says_where_it_is() -> None:
    """The path is an address from the root of the repository."""
    (result,) = run(report(FLAW))["results"]
    (location,) = result["locations"]
    physical = location["physicalLocation"]
    assert physical["artifactLocation"]["uri"] == "db/1%20%C3%A4.sql"
    assert physical["region"] == {"startLine": 3, "startColumn": 5}


def test_sarif_has_the_text_of_each_rule() -> None:
    """Whoever reads a result learns why it matters without readyctl."""
    driver = run(report(FLAW))["tool"]["driver"]
    assert driver["rules"][0]["help"]["text"] == "What it is.\n\nWhy.\n\nDo this."
    assert driver["rules"][0]["defaultConfiguration"] == {"level": "error"}


def test_a_fingerprint_outlives_moved_lines() -> None:
    """A code host takes a flaw on another line for the same."""
    moved = Flaw(FLAW.rule, FLAW.severity, FLAW.message, FLAW.object, FLAW.file, 30, 1)
    one, other = (run(report(flaw))["results"][0]["partialFingerprints"] for flaw in (FLAW, moved))
    assert one == other


def test_equal_flaws_have_fingerprints_of_their_own() -> None:
    """Two in one file are two."""
    again = Flaw(FLAW.rule, FLAW.severity, FLAW.message, FLAW.object, FLAW.file, 30, 1)
    results = run(report(FLAW, again))["results"]
    assert len({json.dumps(result["partialFingerprints"]) for result in results}) == 2


def test_an_allowed_flaw_is_suppressed() -> None:
    """With the reason that somebody wrote."""
    (result,) = run(report(allowed=(Allowed(FLAW, "copied to u"),)))["results"]
    assert result["suppressions"] == [
        {"kind": "inSource", "status": "accepted", "justification": "copied to u"}
    ]


def test_sarif_says_what_was_not_decided() -> None:
    """Nobody takes silence for a pass."""
    (invocation,) = run(report(undecided=(UNDECIDED,)))["invocations"]
    (notice,) = invocation["toolExecutionNotifications"]
    assert notice["message"]["text"] == "not decided: squawk: it is not installed"


def test_annotations_name_place_and_rule() -> None:
    """As GitHub Actions reads them; a colon or comma in a property is escaped."""
    assert flaws_annotations(report(FLAW, LOW, undecided=(UNDECIDED,))).splitlines() == [
        "::error file=db/1 ä.sql,line=3,col=5,title=drop-table (high)::"
        "t is dropped%0Arename it, then: drop",
        "::notice file=db/2.sql,line=1,col=1,title=other (low)::x is small",
        "::warning title=not decided%3A squawk::it is not installed",
    ]


@given(_TEXT, _TEXT, _TEXT)
def test_nothing_ends_a_command_or_a_property(message: str, file: str, title: str) -> None:
    """What GitHub reads back is what was meant, on one line."""
    line = command("error", message, file=file, title=title)
    assert not set(line) & {"\n", "\r"}
    _, head, body = line.split("::", 2)
    given_properties = dict(
        pair.split("=", 1) for pair in head.partition(" ")[2].split(",") if pair
    )
    wanted = {"file": file, "title": title}
    assert {key: _read(value) for key, value in given_properties.items()} == {
        key: value for key, value in wanted.items() if value
    }
    assert _read(body) == message


def _read(value: str) -> str:
    # In GitHub's order: the percent sign last.
    for code, char in (("%0D", "\r"), ("%0A", "\n"), ("%3A", ":"), ("%2C", ","), ("%25", "%")):
        value = value.replace(code, char)
    return value


def test_text_shows_what_matters_and_counts_the_rest() -> None:
    """Below the threshold a rule is a line, with its number."""
    assert render_flaws(report(FLAW, LOW, LOW), Severity.HIGH).splitlines() == [
        "db/1 ä.sql",
        "  high     3:5      drop-table",
        "           t is dropped",
        "           hint: rename it, then: drop",
        "",
        "Less severe (--all shows each)",
        "  low          2  other",
        "",
        "2 files, 3 flaws (1 high, 2 low)",
    ]


def test_text_says_what_was_not_decided_and_how_much_is_allowed() -> None:
    """A summary without flaws does not hide them."""
    found = report(allowed=(Allowed(FLAW, "copied"),), undecided=(UNDECIDED,))
    assert render_flaws(found, Severity.HIGH, show_all=True).splitlines() == [
        "Not decided",
        "  squawk: it is not installed",
        "",
        "Allowed",
        "  1 ä.sql:3:5: drop-table: copied",
        "",
        "2 files, 0 flaws, 1 allowed, 1 not decided",
    ]


@given(_REPORTS)
def test_text_is_at_most_80_columns(found: FlawReport) -> None:
    """Unless one word, or a path, is longer."""
    lines = render_flaws(found, Severity.LOW).splitlines()
    assert all(len(line) <= 80 or " " not in line.strip() for line in lines)


def test_data_counts_what_fails() -> None:
    """A program need not know the order of severities."""
    data = flaws_data(report(FLAW, LOW), Severity.HIGH)
    assert isinstance(data, dict)
    assert (data["failing"], data["threshold"]) == (1, "high")


def test_a_rule_is_explained() -> None:
    """What, why, how to mend it, and where more is said."""
    shown = render_rule(RULE)
    assert [line for line in shown.splitlines() if line] == [
        "drop-table (high)",
        "What it is.",
        "Why: Why.",
        "Fix: Do this.",
        "See https://x.test/a",
    ]
