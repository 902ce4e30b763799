"""`readyctl check`: lists, begins and tests the checks themselves."""

from __future__ import annotations

import re
from textwrap import wrap
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.audit import CategoriesOption
from readyctl.cli.completion import complete_check
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from readyctl.cli.console import Terminal
    from readyctl.model.check import Check

app = typer.Typer(help="List, create and test checks.", no_args_is_help=True)

_ID = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")


@app.command("list")
def list_checks(
    context: typer.Context,
    categories: CategoriesOption = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """List checks, where they come from and which facts they need."""
    from readyctl.evaluate.findings import facts_of
    from readyctl.report.words import plural
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.selection import select

    session = session_of(context)
    checklist = load_checklist(session.settings_or_example())
    selected = select(checklist, (), categories or ())
    checks = [check for check in checklist.checks if not selected or check.id in selected]
    if output is Output.JSON:
        rows = [
            {
                "id": check.id,
                "category": check.category,
                "severity": check.severity,
                "title": check.title,
                "facts": facts_of(check),
                "after": check.after,
                "hipaa": check.hipaa,
                "origin": check.origin,
            }
            for check in checks
        ]
        session.result(document("checks", {"checks": rows, "disabled": checklist.disabled}))
        return ExitCode.YES
    for check in checks:
        session.result(_row(check, max(len(known.id) for known in checks), session.out))
        if session.verbose or not check.origin.startswith("bundled"):
            session.plain(f"  from {check.origin}")
    session.say(f"{plural(len(checks), 'check')}   {len(checklist.disabled)} disabled")
    return ExitCode.YES


def _row(check: Check, width: int, out: Terminal) -> str:
    from readyctl.evaluate.findings import facts_of

    head = f"{check.id:<{width}}  {check.severity:<7}  {check.category:<14}  "
    facts = ", ".join(facts_of(check)) or "-"
    # What a script reads stays one line for each check.
    room = out.width if out.stream.isatty() else len(head) + len(facts)
    lines = wrap(facts, max(room - len(head), 20))
    return head + f"\n{'':<{len(head)}}".join(lines)


@app.command()
def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="ID", help="The new check's id: a noun.")],
    category: Annotated[str, typer.Option(metavar="ID", help="The category that it belongs to.")],
) -> int:
    """Create a check file with its three examples, ready to be changed."""
    from readyctl.workflows.check import begin
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.selection import select

    session = session_of(context)
    settings = session.settings()
    folder = settings.checks[0] if settings.checks else settings.root / "checks"
    # A configured folder that is missing is an error to the checklist, and made by its first check.
    folder.mkdir(parents=True, exist_ok=True)
    checklist = load_checklist(settings)
    select(checklist, (), (category,))
    if not _ID.fullmatch(name):
        raise UsageError(
            "E0104", f"{name} cannot be the id of a check", hint="words in lower case, and dashes"
        )
    if name in {check.id for check in checklist.checks}:
        raise UsageError(
            "E0105",
            f"there is a check {name} already",
            hint="choose another id; a file with the same one would replace it",
        )
    path = begin(name, category, folder)
    session.result(str(path))
    session.suggest(f"readyctl check test {name}")
    return ExitCode.YES


@app.command("test")
def run_examples(
    context: typer.Context,
    name: Annotated[
        str, typer.Argument(metavar="[ID]", help="One check.", autocompletion=complete_check)
    ] = "",
    output: OutputOption = Output.TEXT,
) -> int:
    """Run the examples inside check files. Exits with 1 if one of them does not hold."""
    from readyctl.gather.runner import discover
    from readyctl.report.words import plural
    from readyctl.workflows.check import failures
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.selection import find_check

    session = session_of(context)
    checklist = load_checklist(session.settings_or_example())
    checks = (find_check(checklist, name),) if name else checklist.checks
    specs = {spec.name: spec for spec in discover()}
    failed = [failure for check in checks for failure in failures(check, specs)]
    examples = sum(len(check.examples) for check in checks)
    if output is Output.JSON:
        data = {"checks": len(checks), "examples": examples, "failures": failed}
        session.result(document("check-test", data))
    else:
        for failure in failed:
            session.result(f"FAIL  {failure.check}  example {failure.example}: {failure.problem}")
            session.result(f"      {failure.origin}")
        tested = f"{plural(examples, 'example')} of {plural(len(checks), 'check')}"
        session.result(f"{tested}, {len(failed)} failed")
    return ExitCode.NO if failed else ExitCode.YES
