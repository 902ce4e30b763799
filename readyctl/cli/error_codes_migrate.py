"""The error codes of `readyctl migrate`."""

from __future__ import annotations

MIGRATE: tuple[tuple[str, str, str], ...] = ()
