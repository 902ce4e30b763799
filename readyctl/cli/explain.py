"""`readyctl explain`: what a check or an error code means, and what to do about it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.completion import complete_check
from readyctl.cli.error_codes import CODES
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import ConfigError, ExitCode, UsageError

if TYPE_CHECKING:
    from readyctl.config.environment import Settings
    from readyctl.model.finding import Finding

_CODE = re.compile(r"[Ee]\d{4}")


def explain(
    context: typer.Context,
    name: Annotated[
        str,
        typer.Argument(
            metavar="ID",
            help="A check, a finding of the last audit, or an error code.",
            autocompletion=complete_check,
        ),
    ],
    output: OutputOption = Output.TEXT,
) -> int:
    """Explain a check, a finding or an error code. A check has its last result with it."""
    session = session_of(context)
    if _CODE.fullmatch(name):
        session.result(_code_text(name.upper(), output))
    else:
        session.result(_check_text(session, name, output))
    return ExitCode.YES


def _code_text(code: str, output: Output) -> str:
    if code not in CODES:
        raise UsageError(
            "E0102", f"there is no error code {code}", hint="docs/errors.md lists them all"
        )
    entry = CODES[code]
    if output is Output.JSON:
        return document(
            "error-code", {"code": code, "title": entry.title, "meaning": entry.meaning}
        )
    return f"{code}   {entry.title}\n\n{entry.meaning}"


def _check_text(session: Session, name: str, output: Output) -> str:
    from readyctl.report.terminal_check import render_check
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.selection import find_check

    settings = session.settings_or_example()
    checklist = load_checklist(settings)
    finding = _last_finding(settings, name)
    check = find_check(checklist, finding.check if finding else name)
    if output is Output.JSON:
        return document("check", {"check": check, "finding": finding})
    out = session.out
    return render_check(
        check,
        finding,
        weight=checklist.weights[check.severity],
        width=out.width,
        color=out.color,
        ascii_only=out.ascii_only,
    )


def _last_finding(settings: Settings, name: str) -> Finding | None:
    from readyctl.workflows.runs import last_scorecard

    try:
        card = last_scorecard(settings)
    except ConfigError:
        # An explanation is worth having without a last result.
        return None
    return next((found for found in card.findings if name in (found.check, found.id)), None)
