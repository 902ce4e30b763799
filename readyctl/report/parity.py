"""Shows in what a live schema differs from the expected one."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby

from readyctl.model.flaw import Flaw
from readyctl.model.json import Json
from readyctl.model.parity import Parity
from readyctl.model.schema import Difference, Passed
from readyctl.report.words import plural

_WIDTH = 80
_SHOWN_LINES = 6
_SHOWN_PASSED = 12
_BY_HAND = "by hand: no SQL alone does it, or rows could be lost"


def render_parity(parity: Parity, *, verbose: bool = False) -> str:
    """Return the differences by kind, then what is wrong, then what was not looked at."""
    lines = [
        f"Expected  {parity.expectation}   PostgreSQL {parity.expected_version // 10_000}",
        f"Live      {parity.database}   PostgreSQL {parity.live_version // 10_000}",
        "",
    ]
    for kind, group in groupby(parity.differences, key=lambda d: d.kind):
        found = list(group)
        lines += [f"{kind} ({len(found)})"]
        for difference in found:
            lines += _difference(difference, verbose=verbose)
        lines.append("")
    for flaw in parity.flaws:
        lines += _flaw(flaw)
    lines += _list("Not decided", _undecided(parity), verbose=verbose)
    lines += _list("Not compared", parity.passed, verbose=verbose)
    lines += _list("Ignored", parity.ignored, verbose=verbose)
    return "\n".join([*lines, _verdict(parity)])


def parity_data(parity: Parity) -> Json:
    """Return the differences for programs."""
    return {
        "expectation": parity.expectation,
        "expected_server_version": parity.expected_version,
        "live_server_version": parity.live_version,
        "database": parity.database,
        "compared": parity.compared,
        "differences": [_data(difference) for difference in parity.differences],
        "flaws": [_flaw_data(flaw) for flaw in parity.flaws],
        "examined": [
            {"name": e.name, "what": e.what, "decided": e.decided, "undecided": len(e.undecided)}
            for e in parity.examined
        ],
        "not_compared": [{"what": entry.what, "reason": entry.reason} for entry in parity.passed],
        "ignored": [{"what": entry.what, "reason": entry.reason} for entry in parity.ignored],
    }


def repair_script(differences: Sequence[Difference]) -> str:
    """Return every repair as one script; what is work by hand is a comment in it."""
    lines = []
    for difference in differences:
        what = " ".join((difference.kind, difference.object, difference.attribute)).strip()
        lines.append(f"-- {' '.join(what.split())}")
        lines.append(_commented(difference) or f"-- {_BY_HAND}")
    if not lines:
        return "-- nothing differs\n"
    # Bodies may name what is made after them.
    return "\n".join(["set check_function_bodies = off;", *lines]) + "\n"


def _commented(difference: Difference) -> str:
    if not difference.destroys:
        return difference.repair
    return "\n".join(f"-- destroys data: {line}" for line in difference.repair.splitlines())


def _data(difference: Difference) -> Mapping[str, Json]:
    return {
        "kind": difference.kind,
        "object": difference.object,
        "attribute": difference.attribute,
        "expected": difference.expected,
        "live": difference.live,
        "repair": difference.repair,
        "destroys_data": difference.destroys,
    }


def _flaw_data(flaw: Flaw) -> Mapping[str, Json]:
    return {
        "rule": flaw.rule,
        "severity": str(flaw.severity),
        "object": flaw.object,
        "message": flaw.message,
        "place": flaw.place,
        "hint": flaw.hint,
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
    word = "destroys" if difference.destroys else "repair"
    yield from _value(word, difference.repair or _BY_HAND, verbose=verbose)


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
    yield f"{flaw.severity.value}  {flaw.rule}  {flaw.object}{place}"
    yield from (f"  {line}" for line in textwrap.wrap(flaw.message, _WIDTH - 2))
    if flaw.hint:
        yield from (f"  {line}" for line in textwrap.wrap(flaw.hint, _WIDTH - 2))
    yield ""


def _undecided(parity: Parity) -> list[Passed]:
    return [
        Passed(f"{entry.what} ({examination.name})", entry.why)
        for examination in parity.examined
        for entry in examination.undecided
    ]


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


def _verdict(parity: Parity) -> str:
    found = plural(len(parity.differences), "difference")
    counts = f"{found} in {plural(parity.compared, 'object')}"
    return f"{counts}, {plural(len(parity.flaws), 'flaw')}" if parity.flaws else counts
