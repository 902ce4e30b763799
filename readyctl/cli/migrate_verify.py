"""`readyctl migrate verify`: proves that a database is what the migrations say."""

from __future__ import annotations

from dataclasses import replace
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import Session, session_of
from readyctl.errors import ExitCode, UsageError

if TYPE_CHECKING:
    from readyctl.config.environment import Settings
    from readyctl.model.parity import Parity
    from readyctl.workflows.sides import Asked


class Place(StrEnum):
    """Where the migrations are applied to see what they make."""

    EMBEDDED = "embedded"
    SERVER = "server"


def verify(
    context: typer.Context,
    *,
    folder: Annotated[
        Path | None,
        typer.Option("--dir", metavar="FOLDER", help="The migrations; those of the configuration."),
    ] = None,
    expected: Annotated[
        str,
        typer.Option(metavar="DSN", help="Another database that is right, as env:NAME."),
    ] = "",
    live: Annotated[
        str,
        typer.Option(metavar="DSN", help="The database that is verified, as env:NAME."),
    ] = "",
    snapshot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Compare with a recorded schema.")
    ] = None,
    write_snapshot: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Record the expected schema, and stop.")
    ] = None,
    shadow: Annotated[
        Place, typer.Option(help="A server of its own, or a temporary database on the live one.")
    ] = Place.EMBEDDED,
    migrated_by: Annotated[
        str, typer.Option(metavar="ROLE", help="Who applies migrations; who has logged in.")
    ] = "",
    ignore: Annotated[
        list[str] | None, typer.Option(metavar="PATTERN", help="Leave out, such as public.tmp_*.")
    ] = None,
    repair: Annotated[
        str, typer.Option(metavar="FILE", help="Write the SQL that mends it; - is stdout.")
    ] = "",
    output: OutputOption = Output.TEXT,
) -> int:
    """Compare the live schema with what the migrations make. Nothing is changed."""
    from readyctl.report.words import plural
    from readyctl.workflows import verify as workflow

    session = session_of(context)
    if expected and snapshot:
        raise UsageError("E0465", "--expected and --snapshot both name the expected schema")
    recording = write_snapshot is not None
    alone = bool(expected or (snapshot and not folder)) and (bool(live) or recording)
    settings = None if alone else session.settings()
    asked = replace(
        _asked(settings, folder, expected, live, recording=recording),
        snapshot=snapshot,
        shadow=shadow.value,
        migrator=migrated_by,
        ignore=tuple(ignore or ()),
    )
    if write_snapshot:
        kept = workflow.record(asked, write_snapshot, session.say)
        session.result(f"wrote {plural(len(kept.objects), 'object')} to {write_snapshot}")
        return ExitCode.YES
    found = workflow.verify(asked, session.say)
    _show(session, found, output, repair)
    return ExitCode.YES if found.clean else ExitCode.NO


def _asked(
    settings: Settings | None, folder: Path | None, expected: str, live: str, *, recording: bool
) -> Asked:
    from readyctl.migrate.source import read_folder
    from readyctl.workflows import databases
    from readyctl.workflows.sides import Asked

    # What files make is recorded without asking anybody.
    given = live or recording or settings is None
    whole = databases.followed(live) if given or settings is None else databases.owner(settings)
    other = databases.followed(expected)
    if settings is None:
        return Asked(whole, other)
    source = None if expected else read_folder(folder or settings.migrations)
    access = settings.environment.database
    role = access.application_role
    return Asked(whole, other, source=source, ledger=access.ledger, application_role=role)


def _show(session: Session, found: Parity, output: Output, repair: str) -> None:
    from readyctl.clients.files import write_text
    from readyctl.report import parity
    from readyctl.workflows.verify import repairs

    if repair == "-":
        session.result(parity.repair_script(repairs(found)))
        return
    if repair:
        write_text(Path(repair), parity.repair_script(repairs(found)))
    if output is Output.JSON:
        session.result(document("migrate-verify", parity.parity_data(found)))
    else:
        session.plain(parity.render_parity(found, verbose=bool(session.verbose)))
