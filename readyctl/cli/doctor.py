"""`readyctl doctor`: whether readyctl can work here, and what to do where it cannot."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.audit import CategoriesOption, ChecksOption
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import ExitCode

if TYPE_CHECKING:
    from readyctl.workflows.doctor import Diagnosis

_MARKS = {"ok": "[ok]", "warning": "[!] ", "failed": "[x] ", "crash": "[??]"}


def doctor(
    context: typer.Context,
    iam_policy: Annotated[
        bool,
        typer.Option("--iam-policy", help="Print the least policy for the checks; ask nobody."),
    ] = False,
    checks: ChecksOption = None,
    categories: CategoriesOption = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """Check that readyctl can work here, and how to fix it. Exits with 1 if it cannot."""
    from readyctl.workflows.doctor import State, examine

    session = session_of(context)
    if iam_policy:
        session.result(_policy(session, checks or [], categories or []))
        return ExitCode.YES
    found = []
    for diagnosis in examine(session.settings):
        found.append(diagnosis)
        if output is Output.TEXT:
            session.plain(_shown(diagnosis, session.out.width))
    if output is Output.JSON:
        session.result(document("doctor", {"diagnoses": found}))
    failed = [entry for entry in found if entry.state in (State.FAILED, State.CRASH)]
    if not failed:
        session.suggest("readyctl audit")
    return ExitCode.NO if failed else ExitCode.YES


def _shown(diagnosis: Diagnosis, width: int) -> str:
    lines = textwrap.wrap(
        f"{_MARKS[diagnosis.state]} {diagnosis.text}",
        width,
        subsequent_indent="     ",
        break_long_words=False,
        break_on_hyphens=False,
    )
    # A remedy is often a command, which must stay in one piece to be copied.
    remedy = [f"       {diagnosis.remedy}"] if diagnosis.remedy else []
    return "\n".join([*lines, *remedy])


def _policy(session: Session, checks: list[str], categories: list[str]) -> str:
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.selection import least_policy, select

    checklist = load_checklist(session.settings_or_example())
    policy = least_policy(checklist, select(checklist, checks, categories))
    return json.dumps(policy, indent=2)
