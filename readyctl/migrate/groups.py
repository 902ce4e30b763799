"""Puts small files together that can be sent as one message, each a transaction of its own."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readyctl.migrate.planner import Row
from readyctl.migrate.segments import Segment, sets_nothing

_MOST_FILES = 20
_MOST_CHARACTERS = 20_000
_SMALL = 2_000

Todo = tuple[Row, tuple[Segment, ...]]


def groups(todo: Sequence[Todo]) -> Iterator[list[Todo]]:
    """Yield files in their order, small ones together: a round trip is most of what they cost."""
    group: list[Todo] = []
    length = 0
    for row, parts in todo:
        size = len(row.migration.text) if row.migration else 0
        if not _small(row, parts):
            yield from [group] if group else []
            yield [(row, parts)]
            group, length = [], 0
            continue
        if len(group) == _MOST_FILES or length + size > _MOST_CHARACTERS:
            yield group
            group, length = [], 0
        group.append((row, parts))
        length += size
    yield from [group] if group else []


def _small(row: Row, parts: tuple[Segment, ...]) -> bool:
    """Whether a file is one transaction, sets nothing, and has nothing to tell.

    Whose notice it is that something exists already cannot be told behind a whole group.
    """
    migration = row.migration
    return (
        migration is not None
        and row.entry is None
        and not migration.options
        and len(migration.text) <= _SMALL
        and len(parts) == 1
        and not parts[0].alone
        and len(parts[0].statements) == len(migration.statements)
        and sets_nothing(migration)
        and "exists" not in migration.text.lower()
    )
