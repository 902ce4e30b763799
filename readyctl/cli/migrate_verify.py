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
    from readyctl.workflows.verify import Asked, Verified


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
    asked = _asked(session, folder, expected, live, snapshot, write_snapshot is not None)
    asked = replace(asked, shadow=shadow.value, migrator=migrated_by, ignore=tuple(ignore or ()))
    if write_snapshot:
        kept = workflow.record(asked, write_snapshot, session.say)
        session.result(f"wrote {plural(len(kept.objects), 'object')} to {write_snapshot}")
        return ExitCode.YES
    found = workflow.verify(asked, session.say)
    _show(session, found, output, repair)
    return ExitCode.YES if found.clean else ExitCode.NO


def _asked(
    session: Session,
    folder: Path | None,
    expected: str,
    live: str,
    snapshot: Path | None,
    recording: bool,
) -> Asked:
    from readyctl.migrate.source import read_folder
    from readyctl.workflows import connect
    from readyctl.workflows.verify import Asked

    alone = bool(expected or (snapshot and folder is None)) and bool(live or recording)
    settings = None if alone else session.settings()
    whole = connect.followed(live) if live or settings is None else connect.owner(settings)
    other = connect.followed(expected)
    if settings is None:
        return Asked(whole, other, snapshot)
    source = None if expected else read_folder(folder or settings.migrations)
    ledger = settings.environment.database.ledger
    return Asked(whole, other, snapshot, source, ledger=ledger)


def _show(session: Session, found: Verified, output: Output, repair: str) -> None:
    from readyctl.clients.files import write_text
    from readyctl.report import parity

    comparison, live = found.comparison, found.live
    if repair == "-":
        session.plain(parity.repair_script(comparison.differences))
        return
    if repair:
        write_text(Path(repair), parity.repair_script(comparison.differences))
    if output is Output.JSON:
        data = parity.parity_data(
            found.expectation,
            found.expected,
            live,
            comparison.differences,
            found.flaws,
            comparison.passed,
            comparison.compared,
        )
        session.result(document("migrate-verify", data))
        return
    header = (
        f"Expected  {found.expectation}   PostgreSQL {found.expected.server_version // 10_000}",
        f"Live      {live.database}   PostgreSQL {live.server_version // 10_000}",
    )
    session.plain(
        parity.render_parity(
            header,
            comparison.differences,
            found.flaws,
            comparison.passed,
            live.ignored,
            comparison.compared,
            verbose=bool(session.verbose),
        )
    )
