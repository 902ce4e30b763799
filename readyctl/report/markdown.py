"""Renders a scorecard, or its launch plan alone, as Markdown that GitHub shows as intended."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from readyctl.errors import InternalError
from readyctl.model.finding import Finding
from readyctl.model.scorecard import Scorecard
from readyctl.model.status import Severity, Verdict
from readyctl.report import escape, viewmodel, words
from readyctl.report.escape import Rendered
from readyctl.report.words import Label
from readyctl.resources import bundled

if TYPE_CHECKING:
    from jinja2 import Environment

LIMIT = 900_000
_ITEM_LIMITS = (50, 10, 3, 0)
_TRUNCATED = "\n\n---\n\n**Truncated: this report is too long. The rest is in scorecard.json.**\n"
_ALERTS = {Verdict.NO_GO: "CAUTION", Verdict.GO_WITH_WAIVERS: "WARNING", Verdict.GO: "TIP"}


def scorecard_markdown(card: Scorecard, *, limit: int = LIMIT) -> str:
    """Return the whole scorecard in at most `limit` bytes of UTF-8.

    Long lists of items get shorter first; then sections are left out from the end.

    Raises:
        InternalError: the scorecard contradicts itself, or `limit` has no room for its head.
    """
    viewmodel.require_consistent(card)
    text = ""
    for items in _ITEM_LIMITS:
        text = _render("scorecard.md.j2", card, items)
        if len(text.encode()) <= limit:
            return text
    return _cut(text, limit)


def launch_plan_markdown(card: Scorecard) -> str:
    """Return the launch plan of a scorecard as task lists by day."""
    viewmodel.require_consistent(card)
    return _render("launch-plan.md.j2", card, _ITEM_LIMITS[0])


def _render(template: str, card: Scorecard, item_limit: int) -> str:
    text = (
        _environment()
        .get_template(template)
        .render(
            card=card,
            header=card.header,
            plan=card.plan,
            view=viewmodel,
            words=words,
            alert=_ALERTS[card.gate.verdict],
            recommendation=words.RECOMMENDATIONS[card.gate.verdict],
            sentence=_sentence(viewmodel.verdict_sentence(card)),
            blockers=viewmodel.blockers(card),
            important=viewmodel.important(card),
            key=viewmodel.key_finding(card),
            titles={category.id: category.title for category in card.categories},
            item_limit=item_limit,
        )
    )
    # Fenced commands hold no empty lines, so this only tidies what templates leave behind.
    return re.sub(r"\n{3,}", "\n\n", text).rstrip("\n") + "\n"


def _sentence(text: str) -> str:
    return f"{text[0].upper()}{text[1:]}."


@cache
def _environment() -> Environment:
    """Return an environment in which every value is escaped unless it is `Rendered`."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(bundled("templates")),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=_escaped,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    environment.filters.update(
        code=escape.code,
        codes=_codes,
        listed=_listed,
        html=escape.html,
        link=escape.link,
        code_block=escape.code_block,
        badge=_badge,
        status=_status,
        wrong=_wrong,
        counts=_counts,
        evidence=_evidence,
    )
    environment.tests.update(shut=lambda finding: finding.severity is Severity.BLOCKER)
    return environment


def _escaped(value: object) -> object:
    if hasattr(value, "__html__"):
        return value
    if isinstance(value, (str, int, float)):
        return escape.markdown(str(value))
    if value is None or not str(value):
        raise InternalError("E0923", "a template shows a value that is not there")
    return escape.markdown(str(value))


def _codes(texts: tuple[str, ...]) -> Rendered:
    return Rendered(", ".join(escape.code(text) for text in texts))


def _listed(texts: tuple[str, ...]) -> Rendered:
    return Rendered("; ".join(escape.markdown(text) for text in texts))


def _badge(word: Label) -> Rendered:
    return Rendered(f"{words.EMOJI[word]} {word}")


def _status(finding: Finding) -> Rendered:
    return _badge(words.label(finding))


def _wrong(finding: Finding) -> tuple[object, ...]:
    return tuple(item for item in finding.items if words.LABELS[item.status] in _TO_DO)


_TO_DO = (Label.FAIL, Label.UNKNOWN, Label.ATTEST)


def _counts(findings: tuple[Finding, ...]) -> Rendered:
    labels = [words.label(finding) for finding in findings]
    return Rendered(
        ", ".join(f"{labels.count(word)} {word.lower()}" for word in Label if word in labels)
    )


def _evidence(finding: Finding) -> Rendered:
    return _codes(words.sources(finding.evidence))


def _cut(text: str, limit: int) -> str:
    """Drop whole sections from the end, so that no block is left open."""
    room = limit - len(_TRUNCATED.encode())
    sections = text.split("\n\n## ")
    kept = sections[0]
    for section in sections[1:]:
        longer = f"{kept}\n\n## {section}"
        if len(longer.encode()) > room:
            break
        kept = longer
    if len(kept.encode()) > room:
        raise InternalError("E0924", "the report does not fit", cause=f"the limit is {limit} bytes")
    return kept.rstrip("\n") + _TRUNCATED
