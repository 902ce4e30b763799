"""`readyctl migrate trial`: applies migrations to a throwaway server, failures or not."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode


def trial(
    context: typer.Context,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="FOLDER", help="The migrations; those of the configuration."),
    ] = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """Apply every migration to a throwaway server, and name the root causes of what fails.

    The server is started for this and ends with it. Exits with 1 unless every file applies.
    """
    from readyctl.report.trial import render_trial, trial_data
    from readyctl.workflows.trial import trial as run

    session = session_of(context)
    found = run(folder or session.settings().migrations, session.say)
    if output is Output.JSON:
        session.result(document("migrate-trial", trial_data(found)))
    else:
        session.plain(render_trial(found))
        if not found.failed:
            session.suggest("readyctl migrate apply")
    return ExitCode.NO if found.failed else ExitCode.YES
