"""What EventBridge sends on a schedule: the documented event, whose detail is there and empty."""

from __future__ import annotations

from typing import Any

TICK: dict[str, Any] = {
    "version": "0",
    "id": "53dc4d37-cffa-4f76-80c9-8b7d4a4d2eaa",
    "detail-type": "Scheduled Event",
    "source": "aws.events",
    "account": "123456789012",
    "time": "2026-01-05T10:00:00Z",
    "region": "us-east-1",
    "resources": ["arn:aws:events:us-east-1:123456789012:rule/hourly"],
    "detail": {},
}
# The newer scheduler says the same with a detail of text.
SCHEDULER = TICK | {"source": "aws.scheduler", "detail": "{}"}
