"""Reads days as people write them on a command line."""

from __future__ import annotations

from datetime import UTC, date, datetime

from readyctl.errors import UsageError


def today() -> date:
    """Return the current UTC day."""
    return datetime.now(UTC).date()


def parse_day(text: str, option: str) -> date:
    """Return the day in `YYYY-MM-DD`.

    Raises:
        UsageError: E0106, the text is not a day.
    """
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(
            "E0106", f"{option} is not a day: {text}", hint="write it as 2026-12-31"
        ) from None
