"""How a moment that AWS reports is written in a fact: RFC 3339, UTC, to the second."""

from __future__ import annotations

from datetime import UTC, datetime


def written(moment: datetime | None) -> str:
    """Return the moment for a fact; empty when AWS has none."""
    if moment is None:
        return ""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
