"""Writes flaws as workflow commands of GitHub Actions, which shows them beside the lines."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import FlawReport
from readyctl.model.status import Severity

_COMMANDS = {
    Severity.BLOCKER: "error",
    Severity.HIGH: "error",
    Severity.MEDIUM: "warning",
    Severity.LOW: "notice",
}
# As the toolkit of GitHub Actions writes them: what would end the command, or a property of it.
_DATA = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A"})
_PROPERTY = str.maketrans({"%": "%25", "\r": "%0D", "\n": "%0A", ":": "%3A", ",": "%2C"})


def flaws_annotations(report: FlawReport) -> str:
    """Return a line for each flaw that is not allowed, and for each thing that is not decided."""
    return "".join(f"{line}\n" for line in _lines(report))


def command(name: str, message: str, **properties: str | int) -> str:
    """Return a workflow command; properties that are empty are left out."""
    given = ",".join(
        f"{key}={str(value).translate(_PROPERTY)}" for key, value in properties.items() if value
    )
    return f"::{name}{f' {given}' if given else ''}::{message.translate(_DATA)}"


def _lines(report: FlawReport) -> Iterator[str]:
    for flaw in report.flaws:
        yield command(
            _COMMANDS[flaw.severity],
            _message(flaw),
            file=_path(report, flaw.file),
            line=flaw.line,
            col=flaw.column,
            title=f"{flaw.rule} ({flaw.severity})",
        )
    for entry in report.undecided:
        yield command(
            "warning",
            entry.why,
            file=_path(report, entry.file),
            line=entry.line,
            title=f"not decided: {entry.what}",
        )


def _message(flaw: Flaw) -> str:
    return f"{flaw.message}\n{flaw.hint}" if flaw.hint else flaw.message


def _path(report: FlawReport, file: str) -> str:
    return f"{report.base}/{file}" if report.base and file else file
