"""Renders a scorecard for a terminal: verdict first, evidence next, one command last."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from rich.cells import cell_len

from readyctl.model.finding import Finding
from readyctl.model.scorecard import CategoryScore, Scorecard, Tally
from readyctl.model.status import Severity, Verdict
from readyctl.report.layout import Cell, Page
from readyctl.report.viewmodel import (
    blockers,
    labelled,
    needs_person,
    require_consistent,
    strengths,
    unknown_groups,
    verdict_sentence,
)
from readyctl.report.words import (
    Label,
    category_label,
    duration,
    joined,
    known,
    known_sum,
    label,
    masked_account,
    moment,
    plural,
    ratio,
    readiness,
    staffing,
)

STYLES: Mapping[Label, str] = MappingProxyType(
    {
        Label.FAIL: "red",
        Label.UNKNOWN: "yellow",
        Label.ATTEST: "magenta",
        Label.WAIVED: "yellow",
        Label.PASS: "green",
        Label.NOT_APPLICABLE: "dim",
        Label.INFORMATIONAL: "cyan",
    }
)
VERDICT_STYLES: Mapping[Verdict, str] = MappingProxyType(
    {
        Verdict.GO: "bold green",
        Verdict.GO_WITH_WAIVERS: "bold yellow",
        Verdict.NO_GO: "bold red",
    }
)
# Sign where the stream encodes it, and in ASCII.
_GLYPHS: Mapping[Label, tuple[str, str]] = MappingProxyType(
    {
        Label.FAIL: ("✗", "x"),
        Label.UNKNOWN: ("?", "?"),
        Label.ATTEST: ("✎", "a"),
        Label.WAIVED: ("~", "~"),
        Label.PASS: ("✓", "ok"),
        Label.NOT_APPLICABLE: ("-", "-"),
        Label.INFORMATIONAL: ("i", "i"),
    }
)
_SHOWN_BLOCKERS = 40
_SHOWN_STRENGTHS = 5


def render(
    card: Scorecard,
    *,
    width: int = 80,
    color: bool = False,
    ascii_only: bool = False,
    show_all: bool = False,
    wrote: Sequence[str] = (),
    next_step: bool = True,
    repeated: str = "",
) -> str:
    """Return the scorecard as lines of at most `width` columns, from about 60.

    `wrote` names the report files written beside it; `next_step` ends with a suggested command,
    which gets the options that must be `repeated`.

    Raises:
        InternalError: the scorecard contradicts itself.
    """
    require_consistent(card)
    page = Page(width, ascii_only)
    add_target(page, "Audit of", card)
    _add_coverage(page, card)
    page.blank()
    add_verdict(page, card)
    _add_duration(page, card)
    page.blank()
    _add_categories(page, card)
    add_blockers(page, card, _SHOWN_BLOCKERS if not show_all else None)
    _add_waived(page, card)
    _add_others(page, card, show_all=show_all)
    _add_unknown(page, card)
    _add_strengths(page, card, _SHOWN_STRENGTHS if not show_all else None)
    _add_inventory(page, card)
    add_people(page, card)
    _add_end(page, card, wrote, repeated if next_step else None)
    return page.text(color=color)


def render_gate(
    card: Scorecard, *, width: int = 80, color: bool = False, ascii_only: bool = False
) -> str:
    """Return the verdict and everything that it rests on, for `launch gate`."""
    require_consistent(card)
    page = Page(width, ascii_only)
    add_target(page, "Launch gate of", card)
    page.blank()
    add_verdict(page, card)
    add_blockers(page, card, None)
    _add_waived(page, card)
    return page.text(color=color)


def glyph(word: Label, *, ascii_only: bool) -> str:
    """Return the sign of a label; it never replaces the word."""
    return _GLYPHS[word][1 if ascii_only else 0]


def add_target(page: Page, what: str, card: Scorecard) -> None:
    """Add the line that says which system, account and region this is about."""
    target = card.header.target
    page.line(
        f"{what} ",
        (f"{target.system} / {target.environment}", "bold"),
        f"   account {masked_account(target.account)}",
        f"   {target.region}",
        hang=2,
    )


def add_verdict(page: Page, card: Scorecard) -> None:
    """Add the verdict, and readiness with its range and coverage."""
    verdict = card.gate.verdict
    page.line((verdict.value, VERDICT_STYLES[verdict]), f"   {verdict_sentence(card)}", hang=2)
    score = card.score
    upper = f"   could be up to {score.high}%" if score.high != score.low else ""
    page.line(
        "Readiness ",
        (f"{score.low}%", "bold"),
        upper,
        f"   {score.assessed}% of the checklist assessed",
        hang=2,
    )
    if card.selected:
        page.line(
            f"Only {plural(len(card.selected), 'check')} asked for: this cannot open the gate",
            hang=2,
        )
    for ids, what in ((card.disabled, "left out"), (card.replaced, "replaced by own checks")):
        if ids:
            page.line(f"Checks {what}: {', '.join(ids)}", hang=2)


def add_blockers(page: Page, card: Scorecard, limit: int | None) -> None:
    """Add what keeps the gate shut, the first `limit` of it."""
    found = blockers(card)
    if not found:
        return
    shown = found[:limit]
    counts = joined(len(card.gate.failing), len(card.gate.undecided))
    more = f"; {len(shown)} shown, --all for the rest" if len(shown) < len(found) else ""
    page.title(f"Blockers ({counts}{more})")
    for finding in shown:
        add_finding(page, finding, _id_width(shown), finding.message or finding.title)


def add_finding(page: Page, finding: Finding, id_width: int, text: str) -> None:
    """Add one finding: its word, its id and a text that wraps."""
    word = label(finding)
    page.entry(((word.upper(), STYLES[word], 7), (finding.check, "bold", id_width)), text)


def _id_width(findings: Sequence[Finding]) -> int:
    return max((cell_len(finding.check) for finding in findings), default=0)


def _add_coverage(page: Page, card: Scorecard) -> None:
    header = card.header
    total = header.facts_available + header.facts_unavailable
    missing = header.facts_unavailable
    page.line(
        moment(header.audited_at),
        f"   gathered {header.facts_available} of {total} facts",
        f"   {missing} unavailable, see Unknown" if missing else "",
        hang=2,
    )


def _add_duration(page: Page, card: Scorecard) -> None:
    if any(task.critical for task in card.plan.tasks):
        time = (duration(card.plan), "bold")
        page.line("Time to launch ", time, f"   {staffing(card.plan)}", hang=2)


def _add_categories(page: Page, card: Scorecard) -> None:
    waived = card.tally.waived > 0
    names = ("Score", "Pass", "Fail", "Unknown", "Attest", *(("Waived",) if waived else ()))
    tallies = [card.tally, *(category.tally for category in card.categories)]
    passed = max(4, *(len(ratio(tally)) for tally in tallies))
    widths = (5, passed, 4, 7, 6, *((6,) if waived else ()))
    title_width = min(
        max((cell_len(page.clean(category.title)) for category in card.categories), default=8),
        page.width - sum(widths) - 2 * len(widths) - 6,
    )
    all_widths = (2 if page.ascii_only else 1, max(title_width, 6), *widths)
    heads = [Cell("", "dim"), Cell("Category", "dim")]
    page.row([*heads, *(Cell(name, "dim", right=True) for name in names)], all_widths)
    for category in card.categories:
        page.row(_category_cells(page, category, waived=waived), all_widths)
    total = (Cell(""), Cell("All", "bold"), Cell(f"{card.score.low}%", "bold", right=True))
    page.row([*total, *_counts(card.tally, waived=waived)], all_widths)


def _category_cells(page: Page, category: CategoryScore, *, waived: bool) -> list[Cell]:
    word = category_label(category)
    low = f"{category.score.low}%" if category.score else readiness(None)
    return [
        Cell(glyph(word, ascii_only=page.ascii_only), STYLES[word]),
        Cell(category.title),
        Cell(low, STYLES[word], right=True),
        *_counts(category.tally, waived=waived),
    ]


def _counts(tally: Tally, *, waived: bool) -> list[Cell]:
    counts = [tally.failed, tally.open, tally.review, *([tally.waived] if waived else [])]
    return [
        Cell(ratio(tally), right=True),
        *(Cell(str(count) if count else "-", right=True) for count in counts),
    ]


def _add_waived(page: Page, card: Scorecard) -> None:
    waived = labelled(card, Label.WAIVED)
    if waived:
        page.title("Accepted risks")
    for finding in waived:
        if finding.waiver:
            until = f"until {finding.waiver.expires}, {finding.waiver.approver}: "
            add_finding(page, finding, _id_width(waived), until + finding.waiver.reason)


def _add_others(page: Page, card: Scorecard, *, show_all: bool) -> None:
    shut = {*card.gate.failing, *card.gate.undecided}
    todo = labelled(card, Label.FAIL, Label.UNKNOWN, Label.ATTEST)
    others = [finding for finding in todo if finding.check not in shut]
    important = [finding for finding in others if finding.severity is Severity.HIGH]
    shown = others if show_all else important
    if shown:
        page.title("Not blocking" if show_all else f"Important ({len(important)} of high severity)")
    for finding in shown:
        add_finding(page, finding, _id_width(shown), finding.message or finding.title)
    rest = len(others) - len(shown)
    if rest:
        page.blank()
        page.line(f"And {plural(rest, 'finding')} of lower severity, --all shows them", indent=2)


def _add_unknown(page: Page, card: Scorecard) -> None:
    groups = unknown_groups(card)
    if not groups:
        return
    page.title("Unknown")
    for group in groups:
        count = plural(len(group.findings), "check")
        page.entry(((count, STYLES[Label.UNKNOWN], 10),), group.cause)
        for resolution in group.resolutions:
            page.entry((("", "", 10),), resolution)


def _add_strengths(page: Page, card: Scorecard, limit: int | None) -> None:
    found = strengths(card)
    if not found:
        return
    shown = found[:limit]
    more = f"; {len(shown)} shown" if len(shown) < len(found) else ""
    page.title(f"What works ({plural(len(found), 'check')} with evidence{more})")
    sign = glyph(Label.PASS, ascii_only=page.ascii_only)
    for strength in shown:
        head = ((sign, STYLES[Label.PASS], len(sign)),)
        page.entry(head, f"{strength.text} [{', '.join(strength.basis)}]")


def _add_inventory(page: Page, card: Scorecard) -> None:
    rows = card.inventory
    if not rows or all(row.deployed == row.declared for row in rows):
        return
    width = max(*(cell_len(page.clean(row.domain)) for row in rows), 6)
    widths = (min(width, page.width - 34), 8, 8, 8)
    page.title("Functions")
    heads = [Cell(name, "dim", right=True) for name in ("Declared", "Written", "Deployed")]
    page.row([Cell("Domain", "dim"), *heads], widths)
    for row in rows:
        counts = (str(row.declared), known(row.written), known(row.deployed))
        page.row([Cell(row.domain), *(Cell(count, right=True) for count in counts)], widths)
    totals = (
        str(sum(row.declared for row in rows)),
        known_sum([row.written for row in rows]),
        known_sum([row.deployed for row in rows]),
    )
    page.row([Cell("All", "bold"), *(Cell(text, "bold", right=True) for text in totals)], widths)


def add_people(page: Page, card: Scorecard) -> None:
    """Add what only people can settle."""
    needs = needs_person(card)
    if not needs:
        return
    page.title("Waiting on people")
    width = max(cell_len(page.clean(need.name)) for need in needs)
    for need in needs:
        page.entry(((need.name, "bold", width),), need.why)


def _add_end(page: Page, card: Scorecard, wrote: Sequence[str], repeated: str | None) -> None:
    if wrote or repeated is not None:
        page.blank()
    if wrote:
        page.line(f"Wrote {', '.join(wrote)}", hang=2)
    if repeated is not None:
        command = "readyctl launch plan" if card.plan.tasks else "readyctl launch gate"
        page.line(f"Next: {command}{repeated}")
