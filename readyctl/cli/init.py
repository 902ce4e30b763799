"""`readyctl init`: writes the first configuration of a system."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import Annotated

import typer

from readyctl.cli.prompts import ask
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode


def init(
    context: typer.Context,
    system: Annotated[str, typer.Option(help="The system's name, in lower case.")] = "",
    account: Annotated[str, typer.Option(help="The AWS account it goes live in.")] = "",
    region: Annotated[str, typer.Option(help="The AWS region, such as us-east-1.")] = "",
) -> int:
    """Write a config.yaml and a checks folder for your system, here.

    Asks for what is not given; never replaces a file.
    """
    from readyctl.workflows import init as workflow

    session = session_of(context)
    folder = Path.cwd()
    workflow.refuse_existing(folder)

    def answer(given: str, option: str, question: str, default: str = "") -> str:
        check = partial(workflow.refuse, option)
        return ask(session, given, option, question, default, check=check)

    written = workflow.init(
        folder,
        system=answer(system, "--system", "The system's name"),
        account=answer(account, "--account", "The AWS account, twelve digits"),
        region=answer(region, "--region", "The AWS region", "us-east-1"),
    )
    for path in written:
        session.result(str(path.relative_to(folder)))
    session.suggest("readyctl doctor")
    return ExitCode.YES
