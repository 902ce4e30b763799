"""`readyctl report`: shows a saved run again, in any format."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readyctl.cli.audit import ShowAllOption, show_scorecard
from readyctl.cli.output import Output, OutputOption
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode

app = typer.Typer(help="Show a saved run again.", no_args_is_help=True)


@app.callback()
def reports() -> None:
    """Show a saved run again."""


@app.command()
def render(
    context: typer.Context,
    source: Annotated[
        Path,
        typer.Argument(metavar="FACTS", help="Saved facts, or a scorecard.json."),
    ],
    report: Annotated[
        list[str] | None,
        typer.Option(
            metavar="FORMAT=PATH", help="Write md or json to PATH, - for stdout; repeatable."
        ),
    ] = None,
    show_all: ShowAllOption = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Render saved facts, or a saved scorecard, again. Nothing is gathered.

    Facts are judged by today's checklist; a scorecard is shown as it was.
    """
    from readyctl.workflows.reports import parse_request, saved_scorecard

    session = session_of(context)
    requests = tuple(parse_request(text) for text in report or ())
    card = saved_scorecard(Path.cwd() / source, session.settings_or_example)
    show_scorecard(session, card, requests, output=output, show_all=show_all)
    return ExitCode.YES
