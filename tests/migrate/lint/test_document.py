"""docs/migrations-lint.md names every rule as it is."""

from __future__ import annotations

import re

import pytest

from readyctl.migrate.lint.registry import TEXTS
from readyctl.migrate.lint.squawkrules import LEFT_OUT
from readyctl.model.flawreport import RuleText
from readyctl.resources import bundled

_PAGE = bundled("docs", "migrations-lint.md").read_text(encoding="utf-8")


@pytest.mark.parametrize("text", TEXTS.values(), ids=lambda text: text.id)
def test_a_rule_is_in_the_table(text: RuleText) -> None:
    """With its severity, and in its own words."""
    assert f"| `{text.id}` | {text.severity} | {text.what} |" in _PAGE


def test_no_other_rule_is_in_the_tables() -> None:
    """A rule that is gone is gone from the page."""
    assert set(re.findall(r"^\| `([^`]+)`", _PAGE, re.MULTILINE)) == set(TEXTS)


def test_what_is_left_out_of_squawk_is_said() -> None:
    """Each by its name, with the reason."""
    said = _PAGE.partition("other rules are left out")[2].partition("## Formats")[0]
    # Pages praise nothing, not even in a name: this one is described.
    described = {"prefer-robust-stmts"}
    assert set(re.findall(r"`([a-z-]+-[a-z-]+)`", said)) == set(LEFT_OUT) - described
