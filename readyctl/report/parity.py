"""Shows in what a live schema differs from the expected one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from readyctl.model.flaw import Flaw
from readyctl.model.json import Json
from readyctl.model.schema import Difference, Passed, Schema
from readyctl.report.words import plural

_WIDTH = 80
_SHOWN_LINES = 6
_SHOWN_PASSED = 12
_BY_HAND = "by hand: no SQL alone does it, or rows could be lost"


def render_parity(
    header: Sequence[str],
    differences: Sequence[Difference],
    flaws: Sequence[Flaw],
    passed: Sequence[Passed],
    ignored: Sequence[Passed],
    compared: int,
    *,
    verbose: bool = False,
) -> str:
    """Return the differences by kind, then what is wrong, then what was not looked at."""
    lines = [*header, ""]
    for kind, group in groupby(differences, key=lambda d: d.kind):
        found = list(group)
        lines += [f"{kind} ({len(found)})"]
        for difference in found:
            lines += _difference(difference, verbose=verbose)
        lines.append("")
    for flaw in flaws:
        lines += _flaw(flaw)
    lines += _list("Not compared", passed, verbose=verbose)
    lines += _list("Ignored", ignored, verbose=verbose)
    lines.append(_verdict(differences, flaws, compared))
    return "\n".join(lines)


def parity_data(
    expectation: str,
    expected: Schema,
    live: Schema,
    differences: Sequence[Difference],
    flaws: Sequence[Flaw],
    passed: Sequence[Passed],
    compared: int,
) -> Json:
    """Return the differences for programs."""
    return {
        "expectation": expectation,
        "expected_server_version": expected.server_version,
        "live_server_version": live.server_version,
        "compared": compared,
        "differences": [_data(difference) for difference in differences],
        "flaws": [
            {
                "rule": flaw.rule,
                "severity": str(flaw.severity),
                "object": flaw.object,
                "message": flaw.message,
                "place": flaw.place,
                "hint": flaw.hint,
            }
            for flaw in flaws
        ],
        "not_compared": [{"what": entry.what, "reason": entry.reason} for entry in passed],
        "ignored": [{"what": entry.what, "reason": entry.reason} for entry in live.ignored],
    }


def repair_script(differences: Sequence[Difference]) -> str:
    """Return every repair as one script; what is work by hand is a comment in it."""
    lines = []
    for difference in differences:
        what = " ".join((difference.kind, difference.object, difference.attribute)).strip()
        lines.append(f"-- {' '.join(what.split())}")
        lines.append(difference.repair or f"-- {_BY_HAND}")
    return "\n".join(lines) + "\n" if lines else "-- nothing differs\n"


def _data(difference: Difference) -> Mapping[str, Json]:
    return {
        "kind": difference.kind,
        "object": difference.object,
        "attribute": difference.attribute,
        "expected": difference.expected,
        "live": difference.live,
        "repair": difference.repair,
    }


def _difference(difference: Difference, *, verbose: bool) -> Iterator[str]:
    name = " ".join(difference.object.split())
    if not difference.attribute:
        word = "is missing" if difference.live is None else "is not expected"
        yield f"  {name} {word}"
    else:
        yield f"  {name}: {difference.attribute.replace('_', ' ')} differs"
        yield from _value("expected", difference.expected, verbose=verbose)
        yield from _value("live", difference.live, verbose=verbose)
    yield from _value("repair", difference.repair or _BY_HAND, verbose=verbose)


def _value(word: str, value: Json, *, verbose: bool) -> Iterator[str]:
    text = _text(value)
    lines = [part for line in text.splitlines() for part in _wrapped(line)] or [""]
    shown = lines if verbose or len(lines) <= _SHOWN_LINES else lines[: _SHOWN_LINES - 1]
    yield f"    {word:<8}  {shown[0]}"
    for line in shown[1:]:
        yield f"{'':14}{line}"
    if len(shown) < len(lines):
        yield f"{'':14}... {len(lines) - len(shown)} more lines: -v shows them"


def _wrapped(line: str) -> list[str]:
    return textwrap.wrap(line, _WIDTH - 14, break_on_hyphens=False, drop_whitespace=False) or [""]


def _text(value: Json) -> str:
    if value is None:
        return "the default"
    if value is True:
        return "yes"
    if isinstance(value, list):
        return ", ".join(map(str, value)) or "none"
    return str(value)


def _flaw(flaw: Flaw) -> Iterator[str]:
    place = f"  {flaw.place}" if flaw.place else ""
    yield f"{flaw.rule}  {flaw.object}{place}"
    yield from (f"  {line}" for line in textwrap.wrap(flaw.message, _WIDTH - 2))
    if flaw.hint:
        yield from (f"  {line}" for line in textwrap.wrap(flaw.hint, _WIDTH - 2))
    yield ""


def _list(title: str, entries: Sequence[Passed], *, verbose: bool) -> Iterator[str]:
    if not entries:
        return
    yield f"{title} ({len(entries)})"
    shown = entries if verbose else entries[:_SHOWN_PASSED]
    for entry in shown:
        yield from textwrap.wrap(
            f"{entry.what}: {entry.reason}", _WIDTH, initial_indent="  ", subsequent_indent="    "
        )
    if len(shown) < len(entries):
        yield f"  {len(entries) - len(shown)} more: -v lists them"
    yield ""


def _verdict(differences: Sequence[Difference], flaws: Sequence[Flaw], compared: int) -> str:
    counts = f"{plural(len(differences), 'difference')} in {plural(compared, 'object')}"
    return f"{counts}, {plural(len(flaws), 'flaw')}" if flaws else counts
