"""Shows a trial of migrations: what would apply, and the root causes of the rest."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.model.cause import Cause, Reason, Trial
from readyctl.model.json import Json
from readyctl.report.words import plural

_SHOWN_PLACES = 3


def render_trial(trial: Trial) -> str:
    """Return the root causes, that which holds back most files first, and what to do about each."""
    lines: list[str] = []
    for cause in trial.causes:
        lines += [*render_cause(cause), ""]
    total = len(trial.applied) + len(trial.failed)
    return "\n".join([*lines, f"{len(trial.applied)} of {plural(total, 'migration')} apply"])


def trial_data(trial: Trial) -> Json:
    """Return a trial for programs."""
    return {
        "applied": list(trial.applied),
        "failed": list(trial.failed),
        "causes": [cause_data(cause) for cause in trial.causes],
    }


def cause_data(cause: Cause) -> Json:
    """Return a root cause for programs."""
    return {
        "what": cause.what,
        "reason": str(cause.reason),
        "by": cause.by,
        "needs": [{"file": place.file, "line": place.line} for place in cause.needs],
        "follows": list(cause.follows),
        "hint": hint(cause),
    }


def hint(cause: Cause) -> str:
    """Return what to do about a cause."""
    name = cause.what.partition(" ")[2]
    match cause.reason:
        case Reason.NOBODY if cause.what.startswith("table "):
            return (
                f"make it in an earlier file: `pg_dump --schema-only -t {name}`; or restore a dump"
                f" of the database and `readyctl migrate baseline VERSION`"
            )
        case Reason.NOBODY:
            return "make it in an earlier file: `pg_dump --schema-only` has it"
        case Reason.LATER:
            return f"move what makes it from {cause.by} before the first file that needs it"
        case Reason.DROPPED:
            return f"do not drop it before the files that need it: {cause.by} made it"
        case Reason.SUPABASE:
            return (
                "Supabase provides it: `readyctl migrate convert` first; of an extension, this"
                " server may lack it"
            )
        case Reason.REFUSED:
            return "correct the statement there"


def render_cause(cause: Cause) -> Iterator[str]:
    """Return a root cause, the first places that meet it, and what to do."""
    yield f"{_said(cause)}: {_counts(cause)}"
    for place in cause.needs[:_SHOWN_PLACES]:
        yield f"  {place}"
    if len(cause.needs) > _SHOWN_PLACES:
        yield f"  ... {len(cause.needs) - _SHOWN_PLACES} more"
    yield f"  {hint(cause)}"


def _said(cause: Cause) -> str:
    words = {
        Reason.NOBODY: "is made by no file",
        Reason.LATER: f"is made only later, by {cause.by}",
        Reason.DROPPED: f"is gone by then: {cause.by} made it",
        Reason.SUPABASE: "is Supabase's own",
    }
    return f"{cause.what} {words[cause.reason]}" if cause.reason in words else cause.what


def _counts(cause: Cause) -> str:
    verb = "stop at it" if cause.reason is Reason.REFUSED else "need it"
    if len(cause.needs) == 1:
        verb = "stops at it" if cause.reason is Reason.REFUSED else "needs it"
    counts = f"{plural(len(cause.needs), 'file')} {verb}"
    more = len(cause.follows)
    follow = "follows" if more == 1 else "follow"
    return f"{counts}, {more} more {follow}" if more else counts
