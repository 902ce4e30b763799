"""Lints a folder of migrations, and writes what was found in the formats that were asked for."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from readyctl.clients.files import shown, write_text
from readyctl.errors import UsageError
from readyctl.migrate.lint.linting import lint
from readyctl.migrate.lint.registry import chosen
from readyctl.migrate.source import read_folder
from readyctl.model.flawreport import FlawReport
from readyctl.report.annotations import flaws_annotations
from readyctl.report.sarif import flaws_sarif
from readyctl.workflows.reports import STDOUT, ReportRequest

FORMATS = ("sarif", "github")


def found(
    folder: Path, cwd: Path, only: Sequence[str] = (), skipped: Sequence[str] = (), since: str = ""
) -> FlawReport:
    """Return what the rules that are meant find in a folder; no database is asked.

    Raises:
        UsageError: E0470, there is no such rule.
        MigrateError: the folder cannot be read, or no file has the version `since`.
    """
    rules = chosen(only, skipped)
    source = read_folder(folder)
    base = shown(source.folder.resolve(), cwd.resolve())
    return lint(source.migrations, rules, since, "" if base == "." else base)


def parse_request(text: str) -> ReportRequest:
    """Return the request in `FORMAT=PATH`.

    Raises:
        UsageError: E0472, it is not of that form.
    """
    name, equals, target = text.partition("=")
    if name not in FORMATS or not equals or not target:
        raise UsageError(
            "E0472",
            f"{text} is not a report of flaws",
            cause=f"formats: {', '.join(FORMATS)}",
            hint="write FORMAT=PATH, as in sarif=lint.sarif; github=- writes to stdout",
        )
    return ReportRequest(name, target)


def render(report: FlawReport, name: str) -> str:
    """Return the flaws in one format."""
    return flaws_sarif(report) if name == "sarif" else flaws_annotations(report)


def write(report: FlawReport, requests: Sequence[ReportRequest], cwd: Path) -> str | None:
    """Write the reports that go to files; return what goes to stdout, None where nothing does.

    Raises:
        ConfigError: E0203, a file cannot be written.
    """
    stdout: list[str] = []
    for request in requests:
        if request.target == STDOUT:
            stdout.append(render(report, request.format))
        else:
            write_text(cwd / request.target, render(report, request.format))
    return "".join(stdout) if stdout else None
