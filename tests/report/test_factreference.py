"""The reference of facts says what the facts declare."""

from __future__ import annotations

from readyctl.gather.runner import discover
from readyctl.report.factreference import FactEntry, Field, Shape, fact_reference
from readyctl.resources import bundled
from readyctl.workflows.factreference import facts_document

ENTRY = FactEntry(
    name="doors",
    doc="Doors of the house,\n    open or not.",
    origin="aws",
    calls=("house:ListDoors",),
    actions=("house:ListAllDoors",),
    value="list of Door",
    shapes=(Shape("Door", "A door.", (Field("open", "boolean"),)),),
)


def test_the_document_is_fresh() -> None:
    """docs/facts.md is what the facts declare now; `make docs` writes it again."""
    written = bundled("docs", "facts.md").read_text(encoding="utf-8")
    assert written == facts_document()


def test_every_fact_is_in_the_document() -> None:
    """Each fact that a gatherer declares has a section of its own."""
    lines = facts_document().splitlines()
    assert [spec.name for spec in discover() if f"### {spec.name}" not in lines] == []


def test_an_entry_names_calls_and_actions() -> None:
    """A fact is listed with its calls and with the IAM actions that allow them."""
    text = fact_reference([ENTRY])
    assert "- Calls: `house:ListDoors`\n- IAM actions: `house:ListAllDoors`\n" in text


def test_an_entry_lists_its_fields() -> None:
    """Each shape is a table of its fields with their types."""
    assert "| `open` | boolean |" in fact_reference([ENTRY])


def test_a_docstring_becomes_one_line() -> None:
    """The lines of a docstring are joined, for Markdown gives them no meaning."""
    assert "Doors of the house, open or not.\n" in fact_reference([ENTRY])


def test_a_field_that_may_be_unknown_says_so() -> None:
    """A field that may be null is documented as such."""
    assert "| `threshold` | number or null |" in facts_document()
