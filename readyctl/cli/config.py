"""`readyctl config`: what the configuration means, and whether it is right."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from readyctl.cli.output import Output, OutputOption, document
from readyctl.cli.session import session_of
from readyctl.errors import ExitCode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from readyctl.config.environment import Settings

app = typer.Typer(help="Show and validate the configuration.", no_args_is_help=True)


@app.command()
def show(
    context: typer.Context,
    origin: Annotated[
        bool, typer.Option("--origin", help="Say for each setting who has set it.")
    ] = False,
    output: OutputOption = Output.TEXT,
) -> int:
    """Print the effective configuration of one environment."""
    session = session_of(context)
    settings = session.settings()
    values = _values(settings)
    if output is Output.JSON:
        data: dict[str, Any] = {
            "file": str(settings.file),
            "environment": settings.environment.name,
            "settings": values,
        }
        if origin:
            data["origins"] = dict(settings.origins)
        session.result(document("config", data))
        return ExitCode.YES
    lines = [f"# {settings.file}   environment {settings.environment.name}"]
    for name, value in values.items():
        source = f"   # {settings.origins.get(name, '')}" if origin else ""
        lines.append(f"{name}: {_shown(value)}{source}")
    session.result("\n".join(lines))
    return ExitCode.YES


@app.command()
def validate(context: typer.Context) -> int:
    """Check config.yaml, and the manifest and checks that it names."""
    from readyctl.clients.manifest import load_manifest
    from readyctl.config.loader import environment_names
    from readyctl.workflows.checklist import load_checklist
    from readyctl.workflows.settings import documents, load_settings

    session = session_of(context)
    asked = session.asked()
    found, files = documents(asked)
    names = (session.environment,) if session.environment else environment_names(files)
    for name in names or ("",):
        settings = load_settings(session.asked(environment=name))
        load_checklist(settings)
        load_manifest(settings.manifest)
    session.result(f"{found.project or found.user} is valid   environments: {', '.join(names)}")
    return ExitCode.YES


def _values(settings: Settings) -> Mapping[str, Any]:
    everything: dict[str, Any] = {**asdict(settings), **asdict(settings.environment)}
    values = {}
    for name in settings.origins:
        group, _, key = name.rpartition(".")
        value = everything[group][key] if group else everything[name]
        values[name] = _plain(value)
    return values


def _plain(value: object) -> object:
    if isinstance(value, Path):
        return str(value)
    return [_plain(entry) for entry in value] if isinstance(value, tuple) else value


def _shown(value: object) -> str:
    if isinstance(value, list):
        return f"[{', '.join(map(str, value))}]"
    return str(value) if value != "" else '""'
