"""`readyctl local`: the environment that needs no AWS account."""

from __future__ import annotations

from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import ExitCode

if TYPE_CHECKING:
    from pathlib import Path

app = typer.Typer(
    help="Try everything here, with an emulated account and PostgreSQL.",
    no_args_is_help=True,
)


class State(StrEnum):
    """What the emulated account holds."""

    REFERENCE = "reference"
    EMPTY = "empty"


def _root(session: Session) -> Path:
    from readyctl.workflows.here import root_here

    return root_here(session.asked())


@app.command()
def up(
    context: typer.Context,
    state: Annotated[
        State, typer.Option(help="What the account holds: a system half built, or nothing.")
    ] = State.REFERENCE,
) -> int:
    """Start the local environment. One that is up in that state is left as it is."""
    from readyctl.local.environment import up as start

    session = session_of(context)
    environment = start(_root(session), state.value, session.say)
    session.result(
        f"up in state {environment.state}   account {environment.account_id}\n"
        f"  AWS emulator  {environment.emulator_url}\n"
        f"  PostgreSQL    {environment.postgres_host}:{environment.postgres_port}"
    )
    session.environment = "local"
    session.suggest("readyctl audit")
    return ExitCode.YES


@app.command()
def down(context: typer.Context) -> int:
    """Stop the local environment and remove its data."""
    from readyctl.local.environment import down as stop

    session = session_of(context)
    stop(_root(session), session.say)
    session.result("down")
    return ExitCode.YES


@app.command()
def status(context: typer.Context, output: OutputOption = Output.TEXT) -> int:
    """Say whether the local environment runs. Exits with 1 if a part of it does not."""
    from readyctl.local.environment import status as look

    session = session_of(context)
    found = look(_root(session))
    if output is Output.JSON:
        state = found.environment.state if found.environment else None
        data = {"condition": found.condition, "state": state, "parts": found.parts}
        session.result(document("local-status", data))
    else:
        for part in found.parts:
            reason = f"   {part.reason}" if part.reason else ""
            session.result(f"{part.condition:<8} {part.name}{reason}")
        if found.condition != "running":
            session.suggest("readyctl local up")
    return ExitCode.YES if found.condition == "running" else ExitCode.NO


@app.command()
def install(context: typer.Context) -> int:
    """Install the AWS emulator below .readyctl. It gets a virtual environment of its own."""
    from readyctl.local.emulator import install as install_emulator

    session = session_of(context)
    install_emulator(_root(session), session.say)
    session.result("installed")
    session.suggest("readyctl local up")
    return ExitCode.YES
