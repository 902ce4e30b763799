"""Shows a conversion: what was done to what, what is to do, and the schedules, as text and data."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence

from readyctl.model.cause import Cause
from readyctl.model.conversion import Conversion, Note, Refusal, Schedule, Treatment
from readyctl.model.json import Json
from readyctl.report.escape import code, markdown
from readyctl.report.trial import cause_data, hint, render_cause
from readyctl.report.words import plural

_SHOWN = 12
_TITLES = {
    Treatment.REPORTED: "To do",
    Treatment.MAPPED: "Rewritten",
    Treatment.PROVIDED: "Provided by the prelude",
}


def render_conversion(found: Conversion) -> str:
    """Return a summary for people: refusals whole, the rest counted by construct."""
    lines: list[str] = []
    for treatment, title in _TITLES.items():
        counted = Counter(n.construct for n in found.notes if n.treatment is treatment)
        if counted:
            lines += [title, *_counted(counted, found.notes, treatment), ""]
    if found.schedules:
        lines += ["EventBridge schedules", *(_schedule(entry) for entry in found.schedules), ""]
    if found.passed:
        lines += ["Passed over", *(f"  {file}: {why}" for file, why in found.passed), ""]
    if found.missing:
        lines += ["Missing", *(f"  {line}" for c in found.missing for line in render_cause(c)), ""]
    if found.refusals:
        lines += ["Refused", *(line for entry in found.refusals for line in _refusal(entry)), ""]
    return "\n".join([*lines, _sum(found)])


def conversion_data(found: Conversion) -> Json:
    """Return the whole report for programs."""
    return {
        "files": [
            {"file": file.target, "source": file.source, "edits": file.edits}
            for file in found.files
        ],
        "notes": [
            {
                "file": note.file,
                "line": note.line,
                "column": note.column,
                "construct": note.construct,
                "treatment": str(note.treatment),
                "done": note.done,
                "hint": note.hint,
            }
            for note in found.notes
        ],
        "schedules": [_schedule_data(entry) for entry in found.schedules],
        "missing": [cause_data(cause) for cause in found.missing],
        "refusals": [
            {
                "file": entry.file,
                "where": entry.where,
                "message": entry.message,
                "cause": entry.cause,
                "hint": entry.hint,
            }
            for entry in found.refusals
        ],
        "provided": list(found.provided),
        "passed": [{"file": file, "reason": reason} for file, reason in found.passed],
    }


def conversion_markdown(found: Conversion) -> str:
    """Return the whole report as Markdown: each construct with every place."""
    lines = ["# Conversion of Supabase migrations", "", markdown(_sum(found)), ""]
    if found.refusals:
        lines += ["## Refused", "", "| Where | Why | What to do |", "|---|---|---|"]
        lines += [
            f"| {code(entry.where)} | {markdown(f'{entry.message}: {entry.cause}')}"
            f" | {markdown(entry.hint)} |"
            for entry in found.refusals
        ]
        lines.append("")
    if found.missing:
        lines += ["## Missing", "", "| What | Needed at | Files that follow | What to do |"]
        lines += ["|---|---|---:|---|", *map(_missing, found.missing), ""]
    for treatment, title in _TITLES.items():
        notes = [note for note in found.notes if note.treatment is treatment]
        if notes:
            lines += [f"## {title}", "", "| Where | What | What was done | What to do |"]
            lines += ["|---|---|---|---|", *(_row(note) for note in notes), ""]
    if found.schedules:
        lines += ["## EventBridge schedules", "", *_schedule_table(found.schedules), ""]
    if found.provided:
        lines += ["## The prelude", "", *(f"- {code(part)}" for part in found.provided), ""]
    return "\n".join(lines)


def _missing(cause: Cause) -> str:
    places = ", ".join(code(str(place)) for place in cause.needs)
    return f"| {code(cause.what)} | {places} | {len(cause.follows)} | {markdown(hint(cause))} |"


def _counted(counted: Counter[str], notes: Sequence[Note], treatment: Treatment) -> Iterator[str]:
    width = max(len(name) for name in counted)
    for name, count in counted.most_common(_SHOWN):
        first = next(n for n in notes if n.construct == name and n.treatment is treatment)
        more = f" and {count - 1} more" if count > 1 else ""
        yield f"  {name:<{width}}  {first.place}{more}"
        if first.hint and treatment is Treatment.REPORTED:
            yield f"  {'':<{width}}  {first.hint}"
    if len(counted) > _SHOWN:
        yield f"  and {len(counted) - _SHOWN} other kinds: --report FILE has all of them"


def _schedule(entry: Schedule) -> str:
    calls = f"   calls {', '.join(entry.calls)}" if entry.calls else ""
    return (
        f"  {entry.name or '(no name)'}   {entry.expression or f'none: {entry.why}'}"
        f"   {entry.file}:{entry.line}{calls}"
    )


def _refusal(entry: Refusal) -> Iterator[str]:
    yield f"  {entry.where}: {entry.message}"
    if entry.cause:
        yield f"    cause: {entry.cause}"
    yield f"    hint: {entry.hint}"


def _sum(found: Conversion) -> str:
    todo = sum(note.treatment is Treatment.REPORTED for note in found.notes)
    converted = sum(bool(file.source) for file in found.files)
    whole = converted + len(found.refusals)
    changed = sum(bool(file.edits) for file in found.files)
    return (
        f"{converted} of {whole} files converted, {changed} of them edited,"
        f" {plural(todo, 'place')} to look at"
    )


def _row(note: Note) -> str:
    return (
        f"| {code(note.place)} | {markdown(note.construct)} | {markdown(note.done)}"
        f" | {markdown(note.hint)} |"
    )


def _schedule_table(schedules: Sequence[Schedule]) -> Iterator[str]:
    yield "| Name | cron | EventBridge (UTC) | Command | Calls |"
    yield "|---|---|---|---|---|"
    for entry in schedules:
        said = code(entry.expression) if entry.expression else markdown(entry.why)
        yield (
            f"| {markdown(entry.name)} | {code(entry.cron)} | {said}"
            f" | {code(f'{entry.file}:{entry.line}')} | {markdown(', '.join(entry.calls))} |"
        )


def _schedule_data(entry: Schedule) -> Json:
    return {
        "name": entry.name,
        "cron": entry.cron,
        "expression": entry.expression,
        "timezone": "UTC",
        "why": entry.why,
        "calls": list(entry.calls),
        "file": entry.file,
        "line": entry.line,
        "column": entry.column,
    }
