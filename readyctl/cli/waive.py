"""`readyctl waive`: accepts risks for a while, with a reason and a name."""

from __future__ import annotations

from datetime import timedelta
from typing import Annotated

import typer

from readyctl.cli.attest import CheckArgument, ReplaceOption, YesOption
from readyctl.cli.days import today
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.prompts import ask, ask_day, confirmed
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode, UsageError

app = typer.Typer(help="Accept risks for a while.", no_args_is_help=True)

_DEFAULT_DAYS = 30


@app.command("list")
def list_waivers(context: typer.Context, output: OutputOption = Output.TEXT) -> int:
    """List accepted risks, and when they end."""
    from readyctl.clients.people import load_waivers
    from readyctl.report.words import plural

    session = session_of(context)
    settings = session.settings()
    found = load_waivers(settings.waivers)
    if output is Output.JSON:
        session.result(document("waivers", {"waivers": found}))
        return ExitCode.YES
    for waiver in found:
        state = "expired" if waiver.expires < today() else "until"
        session.plain(f"{state} {waiver.expires}  {waiver.check}  {waiver.approver}")
        session.plain(f"  {waiver.reason}")
    session.say(f"{plural(len(found), 'waiver')} in {settings.waivers}")
    return ExitCode.YES


@app.command()
def add(
    context: typer.Context,
    check: CheckArgument,
    *,
    reason: Annotated[str, typer.Option(help="Why the risk is accepted.")] = "",
    approver: Annotated[str, typer.Option(help="Who accepts it: name and office.")] = "",
    expires: Annotated[
        str, typer.Option(metavar="DAY", help="The last day on which it counts, 90 at most.")
    ] = "",
    replace: ReplaceOption = False,
    assume_yes: YesOption = False,
) -> int:
    """Accept one finding of the last audit for a while."""
    from readyctl.clients.signing import waiver_text
    from readyctl.evaluate import signing
    from readyctl.workflows import waive
    from readyctl.workflows.runs import last_scorecard

    session = session_of(context)
    settings = session.settings()
    finding = signing.waivable(last_scorecard(settings), check)
    if not replace:
        waive.refuse_second(settings, check)
    default = (today() + timedelta(days=_DEFAULT_DAYS)).isoformat()
    waiver = signing.waiver_for(
        finding,
        reason=ask(session, reason, "--reason", "Why the risk is accepted"),
        approver=ask(session, approver, "--approver", "Who accepts it, with which office"),
        expires=ask_day(session, expires, "--expires", "The last day", default),
        today=today(),
    )
    session.err.write(f"{finding.message}\n\n{settings.waivers}\n{waiver_text(waiver)}\n")
    confirmed(session, "Accept this risk?", assume=assume_yes)
    waive.record(settings, waiver)
    session.result(str(settings.waivers))
    session.suggest("readyctl audit")
    return ExitCode.YES


@app.command()
def revoke(context: typer.Context, check: CheckArgument, assume_yes: YesOption = False) -> int:
    """Withdraw a waiver: its entry is removed from the list."""
    from readyctl.clients.people import load_waivers
    from readyctl.clients.signing import remove_waiver

    session = session_of(context)
    settings = session.settings()
    if all(waiver.check != check for waiver in load_waivers(settings.waivers)):
        raise UsageError(
            "E0123",
            f"{check} is not waived",
            where=str(settings.waivers),
            hint="readyctl waive list",
        )
    confirmed(session, f"Withdraw the waiver of {check}?", assume=assume_yes)
    remove_waiver(settings.waivers, check)
    session.result(f"removed {check} from {settings.waivers}")
    session.suggest("readyctl audit")
    return ExitCode.YES
