"""`readyctl facts`: gathers what can be observed, shows it, and compares two times."""

from __future__ import annotations

import json
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.audit import gathered
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from readyctl.model.fact import FactSet

app = typer.Typer(help="Gather, show and compare what was observed.", no_args_is_help=True)


@app.command()
def gather(
    context: typer.Context,
    out: Annotated[
        str, typer.Option(metavar="FILE", help="Where to save the facts, - for stdout.")
    ] = "facts.json",
) -> int:
    """Save facts to a file, without judging them."""
    from readyctl.clients.files import write_text
    from readyctl.gather.runner import discover
    from readyctl.gather.store import dump
    from readyctl.model.fact import Unavailable

    session = session_of(context)
    facts = gathered(session, session.settings(), discover())
    if out == "-":
        session.result(dump(facts).decode())
    else:
        write_text(Path.cwd() / out, dump(facts).decode(), mode=0o600)
        session.result(out)
    missing = [fact for fact in facts.facts.values() if isinstance(fact, Unavailable)]
    session.say(f"{len(facts.facts) - len(missing)} facts gathered, {len(missing)} unavailable")
    for fact in missing:
        session.say(f"  {fact.name}: {fact.message}")
    if out != "-":
        session.suggest(f"readyctl audit --facts {out}")
    return ExitCode.YES


@app.command()
def show(
    context: typer.Context,
    name: Annotated[str, typer.Argument(metavar="[FACT]", help="One fact, with its value.")] = "",
    facts_file: Annotated[
        Path | None,
        typer.Option("--facts", metavar="FILE", help="Saved facts; the last audit's unless given."),
    ] = None,
    output: OutputOption = Output.TEXT,
) -> int:
    """Print a fact with its source and time, or list all of them."""
    session = session_of(context)
    facts = _facts(session, facts_file)
    if name and name not in facts.facts:
        near = get_close_matches(name, facts.facts, n=1)
        raise UsageError(
            "E0102",
            f"there is no fact {name}",
            hint=f'did you mean "{near[0]}"?' if near else "`readyctl facts show` lists them",
        )
    if output is Output.JSON:
        chosen = {name: facts.facts[name]} if name else facts.facts
        session.result(document("facts-show", {"facts": chosen}))
    else:
        session.plain(_one(facts, name) if name else _all(facts))
    return ExitCode.YES


@app.command()
def diff(
    context: typer.Context,
    before: Annotated[Path, typer.Argument(metavar="A", help="Saved facts, the earlier ones.")],
    after: Annotated[Path, typer.Argument(metavar="B", help="Saved facts, the later ones.")],
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 if something changed.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Show what changed between two files of facts."""
    from readyctl.evaluate.differences import differences
    from readyctl.report.words import plural
    from readyctl.workflows.audit import replay

    session = session_of(context)
    found = list(differences(replay(Path.cwd() / before), replay(Path.cwd() / after)))
    if output is Output.JSON:
        session.result(document("facts-diff", {"differences": found}))
    else:
        for entry in found:
            place = f" {entry.place}" if entry.place else ""
            sign = "~" if entry.before and entry.after else "-" if entry.before else "+"
            change = " -> ".join(filter(None, (entry.before, entry.after)))
            session.plain(f"{sign} {entry.fact}{place}: {change}")
        session.say(plural(len(found), "difference"))
    return ExitCode.NO if found and exit_code else ExitCode.YES


def _facts(session: Session, facts_file: Path | None) -> FactSet:
    from readyctl.workflows.audit import replay
    from readyctl.workflows.runs import FACTS, last_run_folder

    if facts_file:
        return replay(Path.cwd() / facts_file)
    return replay(last_run_folder(session.settings()) / FACTS)


def _one(facts: FactSet, name: str) -> str:
    from readyctl.model.fact import Fact

    fact = facts.facts[name]
    place = fact.provenance
    lines = [
        f"{name}   {place.source}",
        f"observed {place.observed_at.isoformat()}   {place.region or 'on this machine'}",
        "",
    ]
    if isinstance(fact, Fact):
        lines.append(json.dumps(fact.value, indent=2, ensure_ascii=False))
    else:
        lines += [f"unavailable ({fact.reason.value}): {fact.message}", fact.resolution]
    return "\n".join(lines).rstrip()


def _all(facts: FactSet) -> str:
    from readyctl.model.fact import Fact
    from readyctl.report.words import plural

    width = max(map(len, facts.facts), default=0)
    lines = []
    for name, fact in sorted(facts.facts.items()):
        if not isinstance(fact, Fact):
            state = f"unavailable: {fact.message}"
        else:
            count = len(fact.value) if isinstance(fact.value, list) else 1
            state = plural(count, "entry", "entries")
        lines.append(f"{name:<{width}}  {state}")
    return "\n".join(lines)
