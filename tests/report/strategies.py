"""Hypothesis strategies: scorecards with any mix of findings, and hostile names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date

from hypothesis import strategies as st

from readyctl.model.attestation import Attestation
from readyctl.model.check import Category, Fix
from readyctl.model.fact import Target
from readyctl.model.finding import AppliedWaiver, Finding, Item
from readyctl.model.scorecard import (
    AttestationUse,
    Expiry,
    FactLine,
    InventoryRow,
    Scorecard,
    WaiverUse,
)
from readyctl.model.status import Severity, Status
from readyctl.model.waiver import Waiver
from tests.report.scorecards import AUDITED, CATEGORIES, finding, scorecard

HOSTILE = st.sampled_from(
    [
        "a|b",
        "a`b",
        "# head",
        "- [x] done",
        "1. one",
        "> quote",
        "<b>bold</b>",
        "<!-- hidden",
        "</details>",
        "[link](http://x.y)",
        "![image](http://x.y/z.png)",
        "http://x.y/z",
        "<http://x.y>",
        "line\n\n## heading\n",
        "| a |\n|---|",
        "``` fence",
        "```\nfence",
        "*em* _em_ **strong** ~~gone~~ $x$",
        "\x1b[31mred\x1b[0m",
        "\u202egnp.exe",
        "[red]markup[/red]",
        "{{ 7 * 7 }} {% endfor %}",
        "back\\slash\\",
        "\\|",
        "&lt;b&gt; &#42;",
        "tab\tand\rreturn",
    ]
)
_SCORED = st.sampled_from([Status.PASS, Status.FAIL, Status.OPEN, Status.REVIEW])


@st.composite
def findings(draw: st.DrawFn) -> tuple[Finding, ...]:
    """Draw findings with unique ids; some depend on others, some are waived, some lack evidence."""
    count = draw(st.integers(0, 8))
    return tuple(_finding(draw, number) for number in range(count))


def _finding(draw: st.DrawFn, number: int) -> Finding:
    status = draw(st.sampled_from(Status))
    low = draw(st.integers(0, 20)) / 2
    made = finding(
        f"check-{number}",
        status,
        category=draw(st.sampled_from(CATEGORIES)).id,
        severity=draw(st.sampled_from(Severity)),
        source=draw(st.sampled_from(["", "lambda:ListFunctions"])),
        effort=(low, low + draw(st.integers(0, 20)) / 2),
        after=tuple(f"check-{other}" for other in range(number) if draw(st.booleans())),
        measure=(draw(st.integers(0, 2)), 3) if status is Status.FAIL else None,
    )
    waivable = status is Status.FAIL or status.undecided
    accepted = AppliedWaiver("pilot", "J. Doe", date(2026, 12, 1))
    return replace(made, waiver=accepted) if waivable and draw(st.booleans()) else made


scorecards = st.builds(scorecard, findings(), people=st.integers(1, 3))


def named(text: str) -> Scorecard:
    """Return a scorecard that shows `text` wherever others choose the words."""
    return scorecard(
        _named_findings(text),
        waivers=(WaiverUse(_named_waiver(text), "expired"),),
        attestations=(AttestationUse(_named_attestation(text), "valid"),),
        inventory=(InventoryRow(text, 3, None, 1),),
        facts=(FactLine(text, text, AUDITED, False, text, text),),
        expiring=(Expiry("waiver", text, date(2026, 9, 1)),),
        target=Target(text, text, text, text),
        category_rows=(Category("compliance", text),),
    )


def _named_findings(text: str) -> tuple[Finding, ...]:
    statuses = (Status.FAIL, Status.OPEN, Status.REVIEW, Status.PASS, Status.FAIL)
    return tuple(
        replace(
            finding(
                f"{number} {text}",
                status,
                category="compliance",
                severity=Severity.HIGH if number == 4 else Severity.BLOCKER,
                title=text,
                message=f"{text} {text}",
                measure=(0, 1) if status is Status.FAIL else None,
                items=(Item(text, status, text, text, text),),
                source=text,
                fix=Fix(text, (text,)),
                after=(text,),
                hipaa=(text,),
                cause=text if status is Status.OPEN else "",
                resolution=text if status is Status.OPEN else "",
                permission=text if status is Status.OPEN else "",
                strength=text if status is Status.PASS else "",
            ),
            why=text,
            references=(f"see {text}",),
        )
        for number, status in enumerate(statuses)
    )


def _named_waiver(text: str) -> Waiver:
    return Waiver(text, text, text, date(2026, 1, 1), date(2026, 2, 1), text)


def _named_attestation(text: str) -> Attestation:
    first = f"3 {text}"
    return Attestation(
        first, text, text, text, date(2026, 1, 1), date(2026, 12, 1), text, text, text
    )


Renderer = Callable[[Scorecard], str]
