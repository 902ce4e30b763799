"""`readyctl migrate convert`: turns migrations written for Supabase into plain PostgreSQL."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import UsageError

if TYPE_CHECKING:
    from readyctl.model.conversion import Conversion


def convert(
    context: typer.Context,
    source: Annotated[
        Path | None,
        typer.Argument(
            metavar="[SOURCE]",
            help="A Supabase project, or its migrations; those of the configuration.",
            show_default=False,
        ),
    ] = None,
    *,
    out: Annotated[
        Path | None, typer.Option(metavar="FOLDER", help="Where converted files are written.")
    ] = None,
    report: Annotated[
        str, typer.Option(metavar="FILE", help="Write what was done to what; - for stdout.")
    ] = "",
    check: Annotated[
        bool, typer.Option("--check", help="Write nothing; exit with 1 unless it is converted.")
    ] = False,
    force: Annotated[bool, typer.Option("--force", help="Replace files that differ.")] = False,
    keep_going: Annotated[
        bool, typer.Option("--keep-going", help="Write what can be, though others are refused.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Convert Supabase migrations to plain PostgreSQL. The source stays as it is.

    What Supabase brings along and is used comes from a prelude that is written beside them.
    """
    from readyctl.report.conversion import conversion_data, render_conversion
    from readyctl.workflows import convert as workflow

    session = session_of(context)
    place = source or session.settings().migrations
    target = _target(session, out, place, check=check)
    found = workflow.look(place)
    changed = workflow.changes(found, _migrations(place)) if check else ()
    may_write = target is not None and (keep_going or not found.refusals)
    written = workflow.write(found, target, force=force) if target and may_write else 0
    _report(session, found, report)
    if output is Output.JSON:
        session.result(document("migrate-convert", conversion_data(found)))
    elif report != "-":
        session.plain(render_conversion(found))
    if target and not may_write:
        session.say("nothing was written: correct what is refused, or write the rest: --keep-going")
    elif target:
        session.say(f"{written} files written to {target}")
        if not found.refusals:
            session.suggest(f"readyctl migrate trial --dir {target}")
    return workflow.verdict(found, changed=bool(changed))


def _target(session: Session, out: Path | None, source: Path, *, check: bool) -> Path | None:
    from readyctl.workflows.convert import same_place

    if check:
        return None
    target = Path(session.require(str(out or ""), "--out"))
    if same_place(source, target):
        raise UsageError(
            "E0440",
            "converted files would be written over the source",
            cause="the source stays as it is, so that it can be converted again",
            where=str(target),
            hint="name another folder with --out",
        )
    return target


def _migrations(source: Path) -> Path:
    from readyctl.migrate.convert.folder import place_of

    return place_of(source)


def _report(session: Session, found: Conversion, report: str) -> None:
    import json

    from readyctl.clients.files import write_text
    from readyctl.report.conversion import conversion_data, conversion_markdown

    if not report:
        return
    if report == "-":
        session.result(conversion_markdown(found))
    elif report.endswith(".json"):
        write_text(Path(report), json.dumps(conversion_data(found), indent=2) + "\n")
    else:
        write_text(Path(report), conversion_markdown(found))
