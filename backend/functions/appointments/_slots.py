"""Computes free slots of hours, which are worked, and of times in which nobody can be booked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta

from backend.functions.appointments._types import Slot

Span = tuple[datetime, datetime]


def free_slots(
    worked: Iterable[Span], busy: Iterable[Span], length: timedelta, earliest: datetime
) -> list[Slot]:
    """Return the slots of `length` within what is worked, in order, none before `earliest`.

    Each free stretch is cut from its beginning; a slot never reaches over a time that is busy.
    """
    taken = _merged(busy)
    found: list[Slot] = []
    for begins, ends in _merged(worked):
        for starts, stops in _gaps(begins, ends, taken):
            found += _cut(starts, stops, length, earliest)
    return found


def fits(slot: Span, worked: Iterable[Span], busy: Iterable[Span]) -> bool:
    """Return whether a time is worked from its first to its last minute, and not busy."""
    starts, ends = slot
    inside = any(begins <= starts and ends <= stops for begins, stops in _merged(worked))
    return inside and not any(begins < ends and stops > starts for begins, stops in busy)


def _merged(spans: Iterable[Span]) -> list[Span]:
    found: list[Span] = []
    for begins, ends in sorted(spans):
        if found and begins <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], ends))
        else:
            found.append((begins, ends))
    return found


def _gaps(begins: datetime, ends: datetime, taken: Sequence[Span]) -> list[Span]:
    found: list[Span] = []
    for starts, stops in taken:
        if stops > begins and starts < ends:
            if starts > begins:
                found.append((begins, starts))
            begins = stops
    return [*found, (begins, ends)] if begins < ends else found


def _cut(begins: datetime, ends: datetime, length: timedelta, earliest: datetime) -> list[Slot]:
    count = (ends - begins) // length
    slots = (Slot(begins + n * length, begins + (n + 1) * length) for n in range(count))
    return [slot for slot in slots if slot.starts_at >= earliest]
