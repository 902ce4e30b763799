"""`readyctl migrate lint`: finds what is unsafe in migrations before they run."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import ExitCode, MigrateError
from readyctl.model.status import Severity


def lint(
    context: typer.Context,
    *,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="FOLDER", help="The migrations; those of the configuration."),
    ] = None,
    since: Annotated[
        str, typer.Option("--since", metavar="VERSION", help="Only files after this version.")
    ] = "",
    only: Annotated[
        list[str] | None,
        typer.Option("--rule", metavar="RULE", help="Only this rule; repeatable."),
    ] = None,
    skipped: Annotated[
        list[str] | None,
        typer.Option("--skip", metavar="RULE", help="Not this rule, or `squawk`; repeatable."),
    ] = None,
    fail_on: Annotated[
        Severity, typer.Option("--fail-on", help="Exit with 1 for a flaw as severe as this.")
    ] = Severity.HIGH,
    report: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT=PATH", help="Write sarif or github to PATH, - for stdout; repeatable."
        ),
    ] = None,
    explain: Annotated[
        str, typer.Option("--explain", metavar="RULE", help="Say what a rule means, and end.")
    ] = "",
    locks: Annotated[
        bool,
        typer.Option("--locks", help="Show the locks taken, on a throwaway server, instead."),
    ] = False,
    show_all: Annotated[bool, typer.Option("--all", help="Show every flaw in full.")] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Find unsafe SQL in the migrations. No database is asked.

    --locks applies the files to a server that is started for this and ends with it. Exits with 1
    where a flaw is as severe as --fail-on, 2 where squawk could not be asked.
    """
    from readyctl.migrate.lint.linting import squawk_failed
    from readyctl.migrate.lint.registry import named
    from readyctl.report.flaws import flaws_data, render_flaws, render_rule
    from readyctl.workflows import lint as workflow

    session = session_of(context)
    if explain:
        session.plain(render_rule(named(explain)))
        return ExitCode.YES
    requests = tuple(workflow.parse_request(text) for text in report or ())
    place = folder or session.settings().migrations
    if locks:
        return _locks(session, place, since, output)
    found = workflow.found(place, Path.cwd(), only or (), skipped or (), since)
    stdout = workflow.write(found, requests, Path.cwd())
    if stdout is not None:
        session.result(stdout)
    elif output is Output.JSON:
        session.result(document("migrate-lint", flaws_data(found, fail_on)))
    else:
        session.plain(render_flaws(found, fail_on, show_all=show_all))
    failing = found.at_least(fail_on)
    missing = squawk_failed(found)
    if missing and not failing:
        raise MigrateError(
            "E0471",
            "squawk could not be asked",
            cause=missing.why,
            hint="pip install squawk-cli, or leave its rules out: --skip squawk",
        )
    if failing and stdout is None and output is Output.TEXT:
        session.suggest(f"readyctl migrate lint --explain {failing[0].rule}")
    return ExitCode.NO if failing else ExitCode.YES


def _locks(session: Session, place: Path, since: str, output: Output) -> int:
    from readyctl.report.locks import locks_data, render_locks
    from readyctl.workflows.lintlocks import locks

    taken, files = locks(place, session.say, since)
    if output is Output.JSON:
        session.result(document("migrate-locks", locks_data(taken, files)))
    else:
        session.plain(render_locks(taken, files))
    return ExitCode.YES
