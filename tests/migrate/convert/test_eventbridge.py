"""A schedule of EventBridge runs when the schedule of pg_cron ran."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.migrate.convert.eventbridge import NoSchedule, expression

RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


def field(low: int, high: int) -> st.SearchStrategy[str]:
    """A field of cron, in every form."""
    number = st.integers(low, high)
    span = st.tuples(number, number).map(lambda two: f"{min(two)}-{max(two)}")
    step = st.tuples(st.one_of(st.just("*"), span), st.integers(1, high)).map(
        "{0[0]}/{0[1]}".format
    )
    one = st.one_of(number.map(str), span, step)
    return st.one_of(st.just("*"), one, st.lists(one, min_size=1, max_size=3).map(",".join))


def members(text: str, low: int, high: int) -> set[int]:
    """What a field of either kind means."""
    found: set[int] = set()
    for part in text.split(","):
        span, _, step = part.partition("/")
        first, dash, last = span.partition("-")
        begin = low if first in "*?" else int(first)
        end = int(last) if dash else high if first in "*?" or step else begin
        found |= set(range(begin, end + 1, int(step or 1)))
    return found


def cron_runs(text: str, at: datetime) -> bool:
    """Whether cron runs at a minute: on either day where neither begins with a star."""
    minutes, hours, days, months, weekdays = (
        members(part, *limits) for part, limits in zip(text.split(), RANGES, strict=True)
    )
    if at.minute not in minutes or at.hour not in hours or at.month not in months:
        return False
    on_day = at.day in days
    on_weekday = bool({at.isoweekday() % 7, at.isoweekday()} & weekdays)
    _, _, day, _, weekday = text.split()
    if day.startswith("*") or weekday.startswith("*"):
        return on_day and on_weekday
    return on_day or on_weekday


def bridge_runs(text: str, at: datetime) -> bool:
    """Whether EventBridge runs at a minute: Sunday is 1, one of both days is a question mark."""
    minutes, hours, day, months, weekday, _ = text.removeprefix("cron(").removesuffix(")").split()
    assert (day == "?") != (weekday == "?")
    return (
        at.minute in members(minutes, 0, 59)
        and at.hour in members(hours, 0, 23)
        and at.month in members(months, 1, 12)
        and at.day in members(day, 1, 31)
        and at.isoweekday() % 7 + 1 in members(weekday, 1, 7)
    )


@given(
    st.tuples(*(field(*limits) for limits in RANGES)).map(" ".join),
    st.lists(
        st.integers(0, 4 * 366 * 24 * 60).map(
            lambda n: datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=n)
        ),
        min_size=30,
        max_size=30,
    ),
)
def test_both_run_at_the_same_minutes(cron: str, moments: list[datetime]) -> None:
    """Or it is said that there is no such schedule."""
    try:
        said = expression(cron)
    except NoSchedule:
        return
    near = [at.replace(hour=hour, minute=0) for at in moments[:5] for hour in range(24)]
    for at in [*moments, *near]:
        assert cron_runs(cron, at) == bridge_runs(said, at), (cron, said, at)


@pytest.mark.parametrize(
    ("cron", "said"),
    [
        ("*/5 * * * *", "cron(0/5 * * * ? *)"),
        ("0 3 * * 1-5", "cron(0 3 ? * 2-6 *)"),
        ("0 0 1 * *", "cron(0 0 1 * ? *)"),
        ("0 12 * * sun", "cron(0 12 ? * 1 *)"),
        ("@hourly", "cron(0 * * * ? *)"),
        ("0 0 $ * *", "cron(0 0 L * ? *)"),
        ("60 seconds", "rate(1 minute)"),
        ("* * * * *", "cron(* * * * ? *)"),
    ],
)
def test_common_schedules(cron: str, said: str) -> None:
    """As people would write them."""
    assert expression(cron) == said


@pytest.mark.parametrize(
    "cron", ["30 seconds", "0 0 1 * 1", "1 2 3", "61 * * * *", "x * * * *", "*/0 * * * *", ""]
)
def test_what_cannot_be_said_is_not_guessed(cron: str) -> None:
    """Both kinds of days at once are two schedules; seconds are none."""
    with pytest.raises(NoSchedule):
        expression(cron)
