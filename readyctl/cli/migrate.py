"""`readyctl migrate`: brings the database to what the migration files say."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from readyctl.cli.attest import YesOption
from readyctl.cli.migration_progress import ApplyProgress
from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.prompts import confirmed
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode

if TYPE_CHECKING:
    from readyctl.clients.database import DatabaseSession
    from readyctl.config.environment import Settings
    from readyctl.migrate.ledger import Ledger
    from readyctl.migrate.survey import Found

app = typer.Typer(help="Bring the database to what the migrations say.", no_args_is_help=True)

DirOption = Annotated[
    Path | None,
    typer.Option("--dir", metavar="FOLDER", help="The migrations; those of the configuration."),
]
ToOption = Annotated[
    str, typer.Option("--to", metavar="VERSION", help="The last version that is meant.")
]
LateOption = Annotated[
    bool, typer.Option("--allow-out-of-order", help="Also apply what comes before an applied one.")
]


@app.command()
def status(
    context: typer.Context,
    folder: DirOption = None,
    exit_code: Annotated[
        bool, typer.Option("--exit-code", help="Exit with 1 unless every migration is applied.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """List applied, pending and changed migrations. Nothing is changed."""
    from readyctl.migrate.planner import State
    from readyctl.report.migrations import render_status, status_data

    session = session_of(context)
    settings = session.settings()
    with _opened(settings) as (database, _):
        found = _look(settings, folder, database)
    if output is Output.JSON:
        session.result(document("migrate-status", status_data(found.plan, found.server)))
    else:
        session.plain(render_status(found.plan, _header(settings, found), found.source.passed))
        if found.plan.pending:
            session.suggest("readyctl migrate plan")
    done = found.plan.of(State.APPLIED, State.BASELINE, State.RESTYLED)
    whole = len(done) == len(found.plan.rows)
    return ExitCode.NO if exit_code and not whole else ExitCode.YES


@app.command()
def plan(
    context: typer.Context,
    folder: DirOption = None,
    to: ToOption = "",
    allow_late: LateOption = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Show the SQL that would run, in order. Nothing is changed."""
    from readyctl.migrate import planner
    from readyctl.report.migrations import plan_data, render_plan

    session = session_of(context)
    settings = session.settings()
    with _opened(settings) as (database, _):
        found = _look(settings, folder, database)
    wanted = planner.until(found.plan, to)
    found.refuse(wanted, allow_late=allow_late)
    if output is Output.JSON:
        session.result(document("migrate-plan", plan_data(wanted)))
    else:
        session.plain(render_plan(wanted, verbose=bool(session.verbose)))
        if wanted.pending:
            session.suggest("readyctl migrate apply")
    return ExitCode.YES


@app.command()
def apply(
    context: typer.Context,
    *,
    folder: DirOption = None,
    to: ToOption = "",
    allow_late: LateOption = False,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show what would run, and change nothing.")
    ] = False,
    lock_timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="How long a statement waits for a lock."),
    ] = 3.0,
    statement_timeout: Annotated[
        float,
        typer.Option(metavar="SECONDS", min=0, help="How long a statement may take; 0: no end."),
    ] = 0.0,
    tries: Annotated[
        int, typer.Option(min=1, max=100, help="How often a file waits for a lock anew.")
    ] = 8,
    assume_yes: YesOption = False,
) -> int:
    """Apply pending migrations, each in one transaction with its entry in the ledger."""
    from readyctl.migrate import planner
    from readyctl.migrate.runner import Limits
    from readyctl.report.migrations import render_pending
    from readyctl.report.words import plural
    from readyctl.workflows import migrate as workflow

    session = session_of(context)
    settings = session.settings()
    with _opened(settings) as (database, _):
        found = _look(settings, folder, database)
        wanted = planner.until(found.plan, to)
        found.refuse(wanted, allow_late=allow_late)
        shown = render_pending(wanted)
        if dry_run or not wanted.pending:
            session.plain(shown)
            return ExitCode.YES
        session.say(shown)
        count = plural(len(wanted.pending), "migration")
        confirmed(session, f"Apply {count} to {_target(settings)}?", assume=assume_yes)
        limits = Limits(int(lock_timeout * 1000), int(statement_timeout * 1000), tries)
        asked = workflow.Asked(wanted, found.source, limits, allow_late)
        done = workflow.apply(settings, asked, database, ApplyProgress(session))
    session.result(f"applied {plural(done, 'migration')}")
    session.suggest("readyctl migrate verify")
    return ExitCode.YES


@app.command()
def baseline(
    context: typer.Context,
    version: Annotated[
        str, typer.Argument(help="The last version that the database already has.")
    ] = "",
    *,
    from_ledger: Annotated[
        bool, typer.Option("--from-ledger", help="Those that another tool's ledger has.")
    ] = False,
    folder: DirOption = None,
    assume_yes: YesOption = False,
) -> int:
    """Mark migrations as already applied. None of them is run."""
    from readyctl.report.words import plural
    from readyctl.workflows import baseline as workflow

    session = session_of(context)
    if not from_ledger:
        session.require(version, "VERSION")
    settings = session.settings()
    with _opened(settings) as (database, _):
        found = _look(settings, folder, database)
        rows = workflow.chosen(found.plan, version, found.others if from_ledger else ())
        for row in rows:
            session.say(f"  {row.file}")
        count = plural(len(rows), "migration")
        confirmed(session, f"Mark {count} as applied in {_target(settings)}?", assume=assume_yes)
        workflow.mark(settings, rows, database)
    session.result(f"marked {count}")
    session.suggest("readyctl migrate verify")
    return ExitCode.YES


@app.command()
def new(
    context: typer.Context,
    name: Annotated[str, typer.Argument(help="What it does, such as add_rooms.")],
    folder: DirOption = None,
) -> int:
    """Create an empty migration, named after the present second (UTC)."""
    from readyctl.workflows import baseline as workflow

    session = session_of(context)
    place = folder or session.settings().migrations
    session.result(str(workflow.new(place, name, datetime.now(UTC))))
    return ExitCode.YES


def _opened(settings: Settings) -> AbstractContextManager[tuple[DatabaseSession, Ledger]]:
    from readyctl.workflows import migrate as workflow

    return workflow.opened(settings)


def _look(settings: Settings, folder: Path | None, database: DatabaseSession) -> Found:
    from readyctl.workflows import migrate as workflow

    return workflow.look(settings, folder, database)


def _target(settings: Settings) -> str:
    return f"the database of {settings.system} / {settings.environment.name}"


def _header(settings: Settings, found: Found) -> Sequence[str]:
    major = found.server // 10_000
    return (
        f"{settings.system} / {settings.environment.name}   PostgreSQL {major}",
        f"Ledger {found.table}   {len(found.source.migrations)} files in {found.source.folder}",
    )
