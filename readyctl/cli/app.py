"""The command line application: its global options and its commands."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from readyctl import __version__
from readyctl.cli import (
    attest,
    audit,
    check,
    config,
    doctor,
    explain,
    facts,
    init,
    launch,
    local,
    migrate,
    report,
    waive,
)
from readyctl.cli.completion import complete_environment
from readyctl.cli.console import Color
from readyctl.cli.session import Session

HELP = """May this system go live, and if not, what is the shortest honest way there?

Global options can stand before or after the command. Results go to stdout, everything else to
stderr. Exit codes: 0 yes, 1 no, 2 could not do it, 3 declined, 4 credentials, 130 interrupted."""

WELCOME = """readyctl says with evidence whether a system may go live.

  init      Write a config.yaml and a checks folder for your system
  doctor    Check that readyctl can work here, and how to fix it
  local     Try everything without an AWS account
  audit     Gather facts, run the checklist, write the scorecard
  explain   Explain a check or an error code
  check     List, create and test checks
  migrate   Bring the database to what the migrations say
  attest    Record what people vouch for
  waive     Accept a risk for a while
  launch    Plan the way to the launch, and open or shut its gate

All commands and options: readyctl --help
"""

app = typer.Typer(
    name="readyctl",
    help=HELP,
    invoke_without_command=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"readyctl {__version__}")
        raise typer.Exit


ConfigOption = Annotated[
    Path | None, typer.Option("--config", metavar="FILE", help="The configuration file to use.")
]
EnvironmentOption = Annotated[
    str,
    typer.Option(
        "--env",
        metavar="NAME",
        help="The environment that is meant (READYCTL_ENV).",
        autocompletion=complete_environment,
    ),
]
ColorOption = Annotated[
    Color, typer.Option(envvar="READYCTL_COLOR", help="When to colour the output.")
]
QuietOption = Annotated[
    int,
    typer.Option(
        "--quiet",
        "-q",
        count=True,
        show_default=False,
        help="Only the result; -qq: not even that.",
    ),
]
VerboseOption = Annotated[
    int,
    typer.Option(
        "--verbose",
        "-v",
        count=True,
        show_default=False,
        help="Say in detail what is done; -vv: each call too.",
    ),
]
NoInputOption = Annotated[
    bool,
    typer.Option(
        "--no-input",
        envvar="READYCTL_NO_INPUT",
        help="Never ask: what would be asked must be given.",
    ),
]
DebugOption = Annotated[
    bool, typer.Option("--debug", envvar="READYCTL_DEBUG", help="Show tracebacks of defects.")
]
VersionOption = Annotated[
    bool,
    typer.Option("--version", callback=_version, is_eager=True, help="Print the version."),
]


@app.callback()
def root(
    context: typer.Context,
    *,
    config_file: ConfigOption = None,
    environment: EnvironmentOption = "",
    color: ColorOption = Color.AUTO,
    quiet: QuietOption = 0,
    verbose: VerboseOption = 0,
    no_input: NoInputOption = False,
    debug: DebugOption = False,
    _: VersionOption = False,
) -> None:
    """Take the global options; without a command, print the first words."""
    context.obj = Session(config_file, environment, color, quiet, verbose, no_input, debug)
    if context.invoked_subcommand is None:
        context.obj.result(WELCOME)


app.command("init")(init.init)
app.command("doctor")(doctor.doctor)
app.command("audit")(audit.audit)
app.command("explain")(explain.explain)
app.add_typer(check.app, name="check")
app.add_typer(facts.app, name="facts")
app.add_typer(report.app, name="report")
app.add_typer(attest.app, name="attest")
app.add_typer(waive.app, name="waive")
app.add_typer(migrate.app, name="migrate")
app.add_typer(launch.app, name="launch")
app.add_typer(local.app, name="local")
app.add_typer(config.app, name="config")
