"""Writes a scorecard in the formats that were asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from readyctl.clients.files import read_bytes, write_text
from readyctl.config.environment import Settings
from readyctl.errors import UsageError
from readyctl.model.scorecard import SCORECARD_SCHEMA, Scorecard
from readyctl.report.json import scorecard_from_json, scorecard_json
from readyctl.report.markdown import scorecard_markdown
from readyctl.workflows.audit import judge, replay
from readyctl.workflows.checklist import load_checklist

FORMATS = ("md", "json")
STDOUT = "-"


@dataclass(frozen=True, slots=True)
class ReportRequest:
    """One report: its format, and its file or `-` for stdout."""

    format: str
    target: str


def parse_request(text: str) -> ReportRequest:
    """Return the request in `FORMAT=PATH`.

    Raises:
        UsageError: E0103, it is not of that form.
    """
    name, equals, target = text.partition("=")
    if name not in FORMATS or not equals or not target:
        raise UsageError(
            "E0103",
            f"{text} is not a report",
            cause=f"formats: {', '.join(FORMATS)}",
            hint="write FORMAT=PATH, as in md=scorecard.md; md=- writes to stdout",
        )
    return ReportRequest(name, target)


def render(card: Scorecard, name: str) -> str:
    """Return the scorecard in one format."""
    return scorecard_markdown(card) if name == "md" else scorecard_json(card).decode()


def default_requests(folder: Path) -> tuple[ReportRequest, ...]:
    """Return what an audit writes when nothing is asked for."""
    return tuple(ReportRequest(name, str(folder / f"scorecard.{name}")) for name in FORMATS)


def write(card: Scorecard, request: ReportRequest, cwd: Path) -> str:
    """Write one report to its file and return the file's name as people would write it."""
    path = cwd / request.target
    write_text(path, render(card, request.format))
    return str(path.relative_to(cwd) if path.is_relative_to(cwd) else path)


def saved_scorecard(path: Path, settings: Callable[[], Settings]) -> Scorecard:
    """Return the scorecard of a saved run: of its facts, judged again, or as it was written.

    Raises:
        ConfigError: the file is neither.
    """
    content = read_bytes(path)
    if SCORECARD_SCHEMA.encode() in content:
        return scorecard_from_json(content, where=str(path))
    effective = settings()
    return judge(replay(path), load_checklist(effective), effective)
