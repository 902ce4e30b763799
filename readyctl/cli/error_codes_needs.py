"""The error codes of `readyctl migrate trial`."""

from __future__ import annotations

NEEDS: tuple[tuple[str, str, str], ...] = (
    (
        "E0450",
        "The trial lost its database",
        "The connection to the scratch database ended while a file was applied: the server was "
        "stopped, or the file ends sessions. Nothing but the scratch database was touched.",
    ),
)
