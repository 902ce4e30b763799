"""Shows which locks each statement took."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import groupby

from readyctl.model.json import Json
from readyctl.model.lock import TakenLock
from readyctl.report.words import plural

_WIDTH = 80


def render_locks(locks: Sequence[TakenLock], files: int) -> str:
    """Return the locks by file and statement, and what each keeps waiting."""
    lines = ["Locks on what was there before each file, as the server took them", ""]
    for file, found in groupby(locks, key=lambda lock: lock.file):
        lines += [file, *_statements(list(found)), ""]
    waits = len([lock for lock in locks if lock.blocks in ("reads", "writes")])
    unknown = len([lock for lock in locks if not lock.mode])
    keep = "keeps" if waits == 1 else "keep"
    end = f"{plural(files, 'file')}, {plural(waits, 'lock')} that {keep} reads or writes waiting"
    return "\n".join([*lines, end + (f", {unknown} not known" if unknown else "")])


def locks_data(locks: Sequence[TakenLock], files: int) -> Json:
    """Return the locks for programs; an empty mode is not known."""
    return {
        "files": files,
        "locks": [
            {
                "file": lock.file,
                "line": lock.line,
                "column": lock.column,
                "relation": lock.relation,
                "mode": lock.mode,
                "blocks": lock.blocks,
            }
            for lock in locks
        ],
    }


def _statements(locks: list[TakenLock]) -> Iterator[str]:
    for (line, statement), found in groupby(locks, key=lambda lock: (lock.line, lock.statement)):
        yield f"  {line:>5}  {statement}"[:_WIDTH]
        for lock in found:
            if lock.mode:
                yield f"           {lock.mode.removesuffix('Lock'):<20}  {lock.relation}" + (
                    f"   blocks {lock.blocks}"
                )
            else:
                yield "           not known: it runs in no transaction"
