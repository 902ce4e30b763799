"""`readyctl launch`: the plan of what is left to do, and the gate."""

from __future__ import annotations

from datetime import UTC, datetime
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.audit import ShowAllOption
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import ExitCode

if TYPE_CHECKING:
    from readyctl.model.json import Json
    from readyctl.model.scorecard import Scorecard

app = typer.Typer(help="Plan the way to the launch, and ask its gate.", no_args_is_help=True)


class PlanFormat(StrEnum):
    """How a plan is written."""

    TEXT = "text"
    MD = "md"
    JSON = "json"


@app.command()
def plan(
    context: typer.Context,
    people: Annotated[
        int | None, typer.Option(min=1, max=100, help="How many people work on it.")
    ] = None,
    hours: Annotated[
        float | None, typer.Option(min=0.5, max=24, help="Hours a day that each of them has.")
    ] = None,
    show_all: ShowAllOption = False,
    output: Annotated[
        PlanFormat,
        typer.Option("--output", "-o", envvar="READYCTL_OUTPUT", help="The plan's format."),
    ] = PlanFormat.TEXT,
) -> int:
    """Turn the open findings of the last audit into an ordered plan."""
    from readyctl.evaluate.launch import planned
    from readyctl.workflows.runs import last_scorecard

    session = session_of(context)
    flags: dict[str, Json] = {}
    if people is not None:
        flags["plan.people"] = people
    if hours is not None:
        flags["plan.hours_per_day"] = hours
    settings = session.settings(flags)
    card = planned(last_scorecard(settings), settings.plan.people, settings.plan.hours_per_day)
    session.result(_plan_text(session, card, output, show_all=show_all))
    return ExitCode.YES


def _plan_text(session: Session, card: Scorecard, output: PlanFormat, *, show_all: bool) -> str:
    from readyctl.report.markdown import launch_plan_markdown
    from readyctl.report.terminal_plan import render_plan

    if output is PlanFormat.JSON:
        header = {"target": card.header.target, "audited_at": card.header.audited_at}
        return document("launch-plan", {**header, "plan": card.plan})
    if output is PlanFormat.MD:
        return launch_plan_markdown(card)
    out = session.out
    return render_plan(
        card,
        width=out.width,
        color=out.color,
        ascii_only=out.ascii_only,
        show_all=show_all,
        next_step=session.next_steps,
        repeated=session.repeated,
    )


@app.command()
def gate(
    context: typer.Context,
    max_age: Annotated[
        float,
        typer.Option(metavar="HOURS", min=0, help="How old the last audit may be."),
    ] = 24.0,
    output: OutputOption = Output.TEXT,
) -> int:
    """Exit with 0 only if the last audit allows a launch. It must be whole and recent."""
    from readyctl.evaluate.launch import gate_answer
    from readyctl.report.terminal import render_gate
    from readyctl.workflows.runs import last_scorecard

    session = session_of(context)
    card = last_scorecard(session.settings())
    answer = gate_answer(card, datetime.now(UTC), max_age)
    if output is Output.JSON:
        session.result(document("launch-gate", {"answer": answer, "gate": card.gate}))
    else:
        out = session.out
        text = render_gate(card, width=out.width, color=out.color, ascii_only=out.ascii_only)
        reasons = "".join(f"  - {reason}\n" for reason in answer.reasons)
        state = "open" if answer.open else "shut"
        session.result(f"{text}\nThe gate is {state}\n{reasons}".rstrip("\n"))
        if not answer.open:
            session.suggest("readyctl launch plan")
    return ExitCode.YES if answer.open else ExitCode.NO
