"""`readyctl migrate rls`: who reaches which rows, tried on the database and rolled back."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from readyctl.cli.attest import YesOption
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.prompts import confirmed
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode, UsageError


def rls(
    context: typer.Context,
    *,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="FOLDER", help="The cases; those of the configuration."),
    ] = None,
    role: Annotated[
        list[str] | None,
        typer.Option("--role", metavar="NAME", help="A role or a caller; all unless given."),
    ] = None,
    matrix: Annotated[bool, typer.Option("--matrix", help="Only the matrix.")] = False,
    cases: Annotated[bool, typer.Option("--cases", help="Only the cases.")] = False,
    strict: Annotated[
        bool,
        typer.Option("--strict", help="Also say no to an uncovered table, a flaw, or a `?`."),
    ] = False,
    record: Annotated[
        bool, typer.Option("--record", help="Keep the result as evidence for the audit.")
    ] = False,
    lock_timeout: Annotated[
        float, typer.Option(metavar="SECONDS", min=0, help="How long a try waits for a lock.")
    ] = 1.0,
    output: OutputOption = Output.TEXT,
    assume_yes: YesOption = False,
) -> int:
    """Act as each caller on each table, and roll it back. Nothing is changed."""
    from readyctl.migrate.rls.probe import Limits
    from readyctl.migrate.rls.trial import Wanted
    from readyctl.report.rls import render_rls, rls_data
    from readyctl.workflows import rls as workflow

    session = session_of(context)
    settings = session.settings()
    wanted = Wanted(matrix or not cases, cases or not matrix, tuple(role or ()))
    if record and (role or not wanted.cases):
        raise UsageError(
            "E0100",
            "--record keeps a whole test",
            cause="a part of the cases is no evidence for all of them",
            hint="leave out --role and --matrix",
        )
    read = workflow.read(settings, folder, wanted)
    session.say(
        _what(len(read.setup), len(read.cases) if wanted.cases else 0, matrix=wanted.matrix)
    )
    target = f"the database of {settings.system} / {settings.environment.name}"
    if settings.environment.provider != "local":
        confirmed(session, f"Try this in {target}?", assume=assume_yes)
    result = workflow.run(
        settings,
        read,
        wanted,
        limits=Limits(lock_ms=int(lock_timeout * 1000)),
        progress=lambda name, _: session.say(f"  tried as {name}") if session.verbose else None,
    )
    if output is Output.JSON:
        session.result(document("migrate-rls", rls_data(result)))
    else:
        session.plain(render_rls(result, verbose=bool(session.verbose)))
    if record:
        path = workflow.record(settings, result, datetime.now(UTC))
        session.say(f"recorded in {path}")
    undecided = any(cell.reach in ("undecided", "error") for cell in result.matrix.cells)
    bad = bool(result.failed) or (strict and bool(result.uncovered or result.flaws or undecided))
    return ExitCode.NO if bad else ExitCode.YES


def _what(setup: int, cases: int, *, matrix: bool) -> str:
    parts = ["every command of every caller on at most 20 rows of each table"] if matrix else []
    parts += [f"{cases} cases"] if cases else []
    lines = [f"In one transaction that is rolled back: {' and '.join(parts) or 'no case'}."]
    if setup:
        lines.append(
            f"First {setup} statements put rows in. Where policies are forced on the owner, the "
            "tables they name stay locked until the end."
        )
    lines.append("Numbers that rows take from sequences are not given back.")
    return "\n".join(lines)
