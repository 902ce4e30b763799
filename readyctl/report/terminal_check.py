"""Explains one check, and what it last found, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.model.check import Check, Condition, Judgement
from readyctl.model.finding import Finding
from readyctl.report.layout import Page
from readyctl.report.terminal import STYLES
from readyctl.report.words import SEVERITY_WORDS, hours, label, moment, percent, sources

_SHOWN_ITEMS = 10


def render_check(
    check: Check,
    finding: Finding | None = None,
    *,
    weight: int | None = None,
    width: int = 80,
    color: bool = False,
    ascii_only: bool = False,
) -> str:
    """Return what a check looks at, why, how to mend it and, if there is one, its last finding."""
    page = Page(width, ascii_only)
    points = "" if weight is None else f"   weight {weight}"
    page.line(
        (check.id, "bold"),
        f"   {SEVERITY_WORDS[check.severity]}",
        f"   {check.category}",
        points,
        hang=2,
    )
    page.line(finding.title if finding else check.title, hang=2)
    page.title("What it checks")
    for line in judgement_lines(check.judgement):
        page.line(line, indent=2, hang=2)
    _add_texts(page, "Why it matters", (check.why,))
    _add_fix(page, check)
    _add_texts(page, "Facts it needs", check.facts)
    _add_texts(page, "Comes after", check.after)
    _add_texts(page, "HIPAA", check.hipaa)
    _add_texts(page, "References", check.references)
    if finding:
        _add_finding(page, finding)
    page.blank()
    page.line(f"From {check.origin or 'a check without a file'}", hang=2)
    return page.text(color=color)


def judgement_lines(judgement: Judgement) -> list[str]:
    """Return how a check decides, in lines that name the facts and values it compares."""
    if judgement.coverage:
        rule = judgement.coverage
        return [f"each of {rule.expected}", f"is among {rule.actual}"]
    if judgement.attestation:
        each = f"for each of {judgement.attestation.each}" if judgement.attestation.each else ""
        return [f"a person attests: {judgement.attestation.statement}", *filter(None, (each,))]
    if judgement.predicate:
        return [f"the rule {judgement.predicate} holds"]
    selected = [f"each of {judgement.select}"] if judgement.select else []
    conditions = _condition_lines(judgement.condition) if judgement.condition else ()
    return [*selected, *conditions]


def _condition_lines(condition: Condition, indent: str = "") -> Iterator[str]:
    groups = (("all of", condition.all), ("any of", condition.any), ("none of", condition.none))
    if condition.op:
        value = "" if condition.value is None else f" {condition.value}"
        yield f"{indent}{condition.path} {condition.op}{value}"
    for word, parts in groups:
        if parts:
            yield f"{indent}{word}"
            for part in parts:
                yield from _condition_lines(part, indent + "  ")


def _add_texts(page: Page, title: str, texts: tuple[str, ...]) -> None:
    if any(texts):
        page.title(title)
        for text in texts:
            if "://" in text:
                page.unbroken(text, indent=2)
            else:
                page.line(text, indent=2)


def _add_fix(page: Page, check: Check) -> None:
    automated = ", automated" if check.fix.automated else ""
    page.title(f"How to fix ({hours(check.effort)}{automated})")
    page.line(check.fix.summary, indent=2)
    for command in check.fix.commands:
        for line in command.split("\n"):
            page.unbroken(line, "cyan", indent=4)


def _add_finding(page: Page, finding: Finding) -> None:
    word = label(finding)
    observed = max((item.observed_at for item in finding.evidence), default=None)
    when = f" on {moment(observed)}" if observed else ""
    points = f"   scores {percent(finding)}" if finding.score is not None else ""
    page.title("Last result")
    page.line((word.upper(), STYLES[word]), f"{when}: {finding.message}", points, indent=2)
    if finding.resolution:
        page.line(f"to decide it: {finding.resolution}", indent=2, hang=2)
    for source in sources(finding.evidence):
        page.line(f"from {source}", indent=2)
    if finding.waiver:
        waiver = finding.waiver
        page.line(f"waived until {waiver.expires} by {waiver.approver}: {waiver.reason}", indent=2)
    wrong = [item for item in finding.items if item.status not in ("pass", "notApplicable")]
    for item in wrong[:_SHOWN_ITEMS]:
        detail = f"{item.observed}, expected {item.expected}" if item.expected else item.observed
        place = f" at {item.where}" if item.where else ""
        page.line(f"{item.name}{place}: {detail}" if detail else item.name, indent=4, hang=2)
    if len(wrong) > _SHOWN_ITEMS:
        page.line(f"and {len(wrong) - _SHOWN_ITEMS} more in scorecard.json", indent=4)
