"""Shows flaws: those that matter in full, the others counted, and what was not decided."""

from __future__ import annotations

import textwrap
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from readyctl.model.flaw import Flaw
from readyctl.model.flawreport import FlawReport, RuleText
from readyctl.model.json import Json
from readyctl.model.status import Severity
from readyctl.report.words import plural

_WIDTH = 80


def render_flaws(report: FlawReport, threshold: Severity, *, show_all: bool = False) -> str:
    """Return the flaws by file, at 80 columns; below the threshold only their number by rule."""
    full = report.flaws if show_all else report.at_least(threshold)
    rest = [flaw for flaw in report.flaws if flaw not in set(full)]
    lines: list[str] = []
    for file, found in groupby(full, key=lambda flaw: flaw.file):
        lines += [_path(report, file)] if file else []
        for flaw in found:
            lines += _flaw(flaw)
        lines.append("")
    lines += _counted(rest)
    lines += _undecided(report)
    lines += _allowed(report, show_all=show_all)
    return "\n".join([*lines, _summary(report)])


def render_rule(text: RuleText) -> str:
    """Return what is said of a rule."""
    link = [f"See {text.link}"] if text.link else []
    parts = [f"{text.id} ({text.severity})", "", *_wrapped(text.what, ""), ""]
    parts += [*_wrapped(f"Why: {text.why}", ""), "", *_wrapped(f"Fix: {text.fix}", "")]
    return "\n".join([*parts, *([""] if link else []), *link])


def flaws_data(report: FlawReport, threshold: Severity) -> Json:
    """Return everything for programs; `failing` counts what is at the threshold or above."""
    return {
        "files": report.files,
        "base": report.base,
        "threshold": str(threshold),
        "failing": len(report.at_least(threshold)),
        "flaws": [_data(flaw) for flaw in report.flaws],
        "allowed": [{**_data(entry.flaw), "reason": entry.reason} for entry in report.allowed],
        "undecided": [
            {"what": entry.what, "why": entry.why, "file": entry.file, "line": entry.line}
            for entry in report.undecided
        ],
    }


def _data(flaw: Flaw) -> dict[str, Json]:
    return {
        "rule": flaw.rule,
        "severity": str(flaw.severity),
        "message": flaw.message,
        "object": flaw.object,
        "file": flaw.file,
        "line": flaw.line,
        "column": flaw.column,
        "hint": flaw.hint,
    }


def _path(report: FlawReport, file: str) -> str:
    return f"{report.base}/{file}" if report.base else file


def _flaw(flaw: Flaw) -> Iterator[str]:
    place = f"{flaw.line}:{flaw.column}" if flaw.line else ""
    yield f"  {flaw.severity!s:<8} {place:<8} {flaw.rule}"
    yield from _wrapped(flaw.message, "           ")
    yield from _wrapped(flaw.hint, "           ", "hint: ") if flaw.hint else ()


def _wrapped(text: str, indent: str, first: str = "") -> list[str]:
    return textwrap.wrap(
        f"{first}{text}",
        _WIDTH,
        initial_indent=indent,
        subsequent_indent=indent + " " * len(first),
        break_on_hyphens=False,
        break_long_words=False,
    )


def _counted(flaws: list[Flaw]) -> Iterator[str]:
    counts = Counter((flaw.severity, flaw.rule) for flaw in flaws)
    if counts:
        yield "Less severe (--all shows each)"
        for (severity, rule), count in sorted(
            counts.items(), key=lambda entry: (entry[0][0].rank, -entry[1], entry[0][1])
        ):
            yield f"  {severity!s:<8} {count:>5}  {rule}"
        yield ""


def _undecided(report: FlawReport) -> Iterator[str]:
    if report.undecided:
        yield "Not decided"
        for entry in report.undecided:
            where = f"{entry.place}: " if entry.place else ""
            yield from _wrapped(f"{where}{entry.what}: {entry.why}", "  ")
        yield ""


def _allowed(report: FlawReport, *, show_all: bool) -> Iterator[str]:
    if report.allowed and show_all:
        yield "Allowed"
        for entry in report.allowed:
            yield from _wrapped(f"{entry.flaw.place}: {entry.flaw.rule}: {entry.reason}", "  ")
        yield ""


def _summary(report: FlawReport) -> str:
    counts = Counter(flaw.severity for flaw in report.flaws)
    shown = ", ".join(f"{counts[severity]} {severity}" for severity in Severity if counts[severity])
    found = f"{plural(len(report.flaws), 'flaw')}{f' ({shown})' if shown else ''}"
    more = [f"{len(report.allowed)} allowed"] if report.allowed else []
    more += [f"{len(report.undecided)} not decided"] if report.undecided else []
    return ", ".join([f"{plural(report.files, 'file')}, {found}", *more])
