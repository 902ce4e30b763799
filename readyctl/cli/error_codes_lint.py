"""The error codes of `readyctl migrate lint`."""

from __future__ import annotations

LINT: tuple[tuple[str, str, str], ...] = (
    (
        "E0470",
        "There is no such rule",
        "--rule, --skip or --explain names a rule that does not exist. Those of squawk begin with "
        "`squawk/`; `squawk` alone is all of them.",
    ),
    (
        "E0471",
        "Squawk could not be asked",
        "squawk is not installed, or failed. readyctl's own rules found nothing at --fail-on; what "
        "squawk would find is not known, and that is no pass.",
    ),
    (
        "E0472",
        "A report of flaws is not written as FORMAT=PATH",
        "Formats are sarif and github; the path - is stdout: `readyctl migrate lint --report "
        "github=-`.",
    ),
    (
        "E0473",
        "A migration cannot be run to see its locks",
        "The server refuses a statement on the scratch database on which the locks of each "
        "statement are read. File and line are named; no other database was touched.",
    ),
)
