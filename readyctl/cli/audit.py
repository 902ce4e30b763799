"""`readyctl audit`: gathers, judges, writes the scorecard, and answers with its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.completion import complete_check
from readyctl.cli.output import Output, OutputOption
from readyctl.cli.session import Session, session_of
from readyctl.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Sequence

    from readyctl.config.environment import Settings
    from readyctl.gather.base import FactSpec
    from readyctl.model.fact import FactSet
    from readyctl.model.scorecard import Scorecard
    from readyctl.workflows.reports import ReportRequest

ChecksOption = Annotated[
    list[str] | None,
    typer.Option(
        "--check",
        metavar="ID",
        help="Only this check; repeatable.",
        autocompletion=complete_check,
    ),
]
CategoriesOption = Annotated[
    list[str] | None,
    typer.Option("--category", metavar="ID", help="Only this category; repeatable."),
]
ShowAllOption = Annotated[
    bool, typer.Option("--all", help="Show every finding, not only the first of each kind.")
]


def audit(
    context: typer.Context,
    *,
    facts_file: Annotated[
        Path | None,
        typer.Option("--facts", metavar="FILE", help="Judge saved facts; nothing is gathered."),
    ] = None,
    report: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT=PATH",
            help="Write md or json to PATH, - for stdout; repeatable. Without: both, beside "
            "the configuration.",
        ),
    ] = None,
    show_all: ShowAllOption = False,
    exit_zero: Annotated[
        bool, typer.Option("--exit-zero", help="Exit with 0 for NO-GO too; never for an error.")
    ] = False,
    checks: ChecksOption = None,
    categories: CategoriesOption = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """Gather facts, run the checklist, write the scorecard.

    Exits with 0 for GO and GO WITH WAIVERS, 1 for NO-GO.
    """
    from readyctl.workflows.audit import judge, replay
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.reports import default_requests, parse_request
    from readyctl.workflows.runs import save_run
    from readyctl.workflows.selection import needed, select

    session = session_of(context)
    requests = tuple(parse_request(text) for text in report or ())
    settings = session.settings()
    checklist = load_checklist(settings)
    selected = select(checklist, checks or (), categories or ())
    if facts_file:
        facts = replay(Path.cwd() / facts_file)
    else:
        facts = gathered(session, settings, needed(checklist, selected))
    card = judge(facts, checklist, settings, selected)
    if not facts_file:
        save_run(settings, facts, card)
    # A scorecard of some checks must not take the place of the whole one.
    requests = requests or (() if selected else default_requests(settings.root))
    show_scorecard(session, card, requests, output=output, show_all=show_all)
    return answer(card, exit_zero=exit_zero)


def gathered(session: Session, settings: Settings, specs: Sequence[FactSpec]) -> FactSet:
    """Gather facts, and show on stderr how far that has come."""
    from readyctl.cli.progress import GatherProgress
    from readyctl.workflows.audit import gather

    environment = settings.environment
    if session.verbose:
        session.say(f"gathering {len(specs)} facts of {settings.system} / {environment.name}")
    progress = GatherProgress(session)
    try:
        return gather(settings, specs, progress, session.say if session.verbose > 1 else None)
    finally:
        progress.end()


def show_scorecard(
    session: Session,
    card: Scorecard,
    requests: Sequence[ReportRequest],
    *,
    output: Output = Output.TEXT,
    show_all: bool = False,
) -> None:
    """Write the reports that were asked for, and the result to stdout."""
    from readyctl.report.json import scorecard_json
    from readyctl.report.terminal import render
    from readyctl.workflows import reports

    to_stdout = [request for request in requests if request.target == reports.STDOUT]
    wrote = [reports.write(card, r, Path.cwd()) for r in requests if r not in to_stdout]
    out = session.out
    if to_stdout:
        for request in to_stdout:
            session.result(reports.render(card, request.format))
    elif output is Output.JSON:
        session.result(scorecard_json(card).decode())
    else:
        session.result(
            render(
                card,
                width=out.width,
                color=out.color,
                ascii_only=out.ascii_only,
                show_all=show_all,
                wrote=wrote,
                next_step=session.next_steps,
                repeated=session.repeated,
            )
        )


def answer(card: Scorecard, *, exit_zero: bool) -> int:
    """Return the exit code that a verdict stands for."""
    from readyctl.model.status import Verdict

    shut = card.gate.verdict is Verdict.NO_GO
    return ExitCode.NO if shut and not exit_zero else ExitCode.YES
