"""Free slots, computed of what is worked and what is busy."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from backend.functions.appointments._slots import Span, fits, free_slots

DAY = datetime(2030, 1, 7, tzinfo=UTC)
MINUTES = st.integers(0, 1440)
LENGTHS = st.integers(5, 240).map(lambda minutes: timedelta(minutes=minutes))


def span(begins: int, ends: int) -> Span:
    """A stretch of the day, in minutes."""
    return DAY + timedelta(minutes=begins), DAY + timedelta(minutes=ends)


SPANS = st.lists(
    st.tuples(MINUTES, MINUTES).filter(lambda pair: pair[0] < pair[1]).map(lambda p: span(*p)),
    max_size=6,
)


def overlap(one: Span, other: Span) -> bool:
    """Whether two stretches have a moment in common."""
    return one[0] < other[1] and one[1] > other[0]


@given(SPANS, SPANS, LENGTHS, MINUTES)
def test_a_slot_can_be_booked(
    worked: list[Span], busy: list[Span], length: timedelta, now: int
) -> None:
    """Each slot is as long as asked, worked, not busy, not over, and apart from the others."""
    earliest = DAY + timedelta(minutes=now)
    slots = free_slots(worked, busy, length, earliest)
    spans = [(slot.starts_at, slot.ends_at) for slot in slots]
    assert all(ends - starts == length and starts >= earliest for starts, ends in spans)
    assert all(fits(slot, worked, busy) for slot in spans)
    assert spans == sorted(spans)
    assert not any(overlap(*pair) for pair in pairwise(spans))


@given(SPANS, SPANS, LENGTHS)
def test_no_slot_is_left_out(worked: list[Span], busy: list[Span], length: timedelta) -> None:
    """Where no slot is, none that is as long fits, whenever it would begin."""
    slots = free_slots(worked, busy, length, DAY)
    for minute in range(0, 1440, 5):
        starts = DAY + timedelta(minutes=minute)
        wanted = (starts, starts + length)
        if fits(wanted, worked, busy):
            assert any(overlap(wanted, (slot.starts_at, slot.ends_at)) for slot in slots)


def test_slots_begin_after_what_is_busy() -> None:
    """A free stretch is cut from its own beginning."""
    slots = free_slots([span(540, 1020)], [span(600, 630)], timedelta(hours=1), DAY)
    starts = [(slot.starts_at - DAY) // timedelta(minutes=1) for slot in slots]
    assert starts == [540, 630, 690, 750, 810, 870, 930]


def test_nothing_is_free_where_nobody_works() -> None:
    """Without hours there are no slots."""
    assert free_slots([], [], timedelta(hours=1), DAY) == []
