"""Turns what pg_cron calls a schedule into what EventBridge Scheduler calls one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import pairwise

_SECONDS = re.compile(r"\s*(\d+)\s*seconds?\s*", re.IGNORECASE)
_NAMED = {
    "@yearly": "0 0 1 1 *",
    "@annually": "0 0 1 1 *",
    "@monthly": "0 0 1 * *",
    "@weekly": "0 0 * * 0",
    "@daily": "0 0 * * *",
    "@midnight": "0 0 * * *",
    "@hourly": "0 * * * *",
}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_RANGES = ((0, 59), (0, 23), (1, 31), (1, 12), (0, 7))


class NoSchedule(ValueError):
    """There is no expression that means the same, and why."""


def expression(schedule: str) -> str:
    """Return the `cron(...)` or `rate(...)` that runs when `schedule` does, in UTC.

    Raises:
        NoSchedule: EventBridge cannot say it, or pg_cron would not take it.
    """
    seconds = _SECONDS.fullmatch(schedule)
    if seconds:
        count = int(seconds[1])
        if count and count % 60 == 0:
            return "rate(1 minute)" if count == 60 else f"rate({count // 60} minutes)"
        raise NoSchedule(
            f"EventBridge runs at most once a minute, not every {count} seconds:"
            " start a Step Functions loop each minute"
        )
    fields = _NAMED.get(schedule.strip().lower(), schedule).split()
    if len(fields) != 5:
        raise NoSchedule("pg_cron reads five fields, or a number of seconds")
    last_day = fields[2] == "$"
    sets = _sets([*fields[:2], "*", *fields[3:]] if last_day else fields)
    if not last_day:
        return _cron(fields, sets)
    if not fields[4].startswith("*"):
        raise NoSchedule("the last day of the month and days of the week: make two schedules")
    minutes, hours, _, months, _ = sets
    return f"cron({_said(minutes, 60, 0)} {_said(hours, 24, 0)} L {_said(months, 12, 1)} ? *)"


def _sets(fields: list[str]) -> list[list[int]]:
    names: tuple[tuple[str, ...], ...] = ((), (), (), _MONTHS, _DAYS)
    found = [
        sorted(set(_values(field, *limits, known)))
        for field, limits, known in zip(fields, _RANGES, names, strict=True)
    ]
    # Both 0 and 7 are Sunday.
    found[4] = sorted({day % 7 for day in found[4]})
    return found


def _cron(
    fields: list[str],
    sets: list[list[int]],
) -> str:
    minutes, hours, days, months, weekdays = sets
    every_day = fields[2].startswith("*") and len(days) == 31
    every_weekday = fields[4].startswith("*") and len(weekdays) == 7
    day, weekday = _said(days, 31, 1), _said([value + 1 for value in weekdays], 7, 1)
    if every_day and every_weekday:
        day, weekday = "*", "?"
    elif every_day or len(weekdays) == 7:
        # Where both are given, cron runs on either; a full one adds or takes nothing.
        day, weekday = ("?", weekday) if every_day else _either(fields, day)
    elif every_weekday:
        weekday = "?"
    elif fields[2].startswith("*") or fields[4].startswith("*"):
        raise NoSchedule("days of the month and of the week at once: make two schedules")
    elif len(days) == 31:
        day, weekday = "*", "?"
    else:
        raise NoSchedule(
            "cron runs on these days of the month and on these days of the week: make two schedules"
        )
    said = (_said(minutes, 60, 0), _said(hours, 24, 0), day, _said(months, 12, 1), weekday)
    return f"cron({' '.join(said)} *)"


def _either(fields: list[str], day: str) -> tuple[str, str]:
    # Where one of the two begins with `*` cron asks for both, which leaves the day of the month.
    star = fields[2].startswith("*") or fields[4].startswith("*")
    return (day, "?") if star else ("*", "?")


def _values(field: str, low: int, high: int, names: tuple[str, ...]) -> Iterator[int]:
    for part in field.split(","):
        span, _, step = part.partition("/")
        if step and not step.isdigit():
            raise NoSchedule(f"{field} is not a field of cron")
        first, last = _span(span, low, high, names, stepped=bool(step))
        if not low <= first <= last <= high or (step and int(step) == 0):
            raise NoSchedule(f"{field} is not a field of cron")
        yield from range(first, last + 1, int(step or 1))


def _span(
    span: str, low: int, high: int, names: tuple[str, ...], *, stepped: bool
) -> tuple[int, int]:
    if span == "*":
        return low, high - (high == 7)
    first, dash, last = span.partition("-")
    begin = _number(first, names, low)
    if dash:
        return begin, _number(last, names, low)
    return begin, high if stepped else begin


def _number(text: str, names: tuple[str, ...], low: int) -> int:
    if text.isdigit():
        return int(text)
    if text.lower()[:3] in names and text.isalpha():
        return names.index(text.lower()[:3]) + (1 if low else 0)
    raise NoSchedule(f"{text} is not a value of cron")


def _said(values: list[int], whole: int, low: int) -> str:
    if len(values) == whole:
        return "*"
    steps = {after - value for value, after in pairwise(values)}
    if len(values) > 2 and len(steps) == 1:
        (step,) = steps
        if step == 1:
            return f"{values[0]}-{values[-1]}"
        if values[-1] + step > whole - 1 + low:
            return f"{values[0]}/{step}"
    return ",".join(str(value) for value in values)
