"""How moments are written in facts."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest

from readyctl.gather.moments import written


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        (datetime(2026, 3, 1, 9, 30, 0, 999_999, tzinfo=UTC), "2026-03-01T09:30:00Z"),
        (datetime(2026, 3, 1, 1, 0, tzinfo=timezone(timedelta(hours=2))), "2026-02-28T23:00:00Z"),
        (None, ""),
    ],
)
def test_written(moment: datetime | None, text: str) -> None:
    """A moment is written in UTC, to the second; none is empty."""
    assert written(moment) == text
