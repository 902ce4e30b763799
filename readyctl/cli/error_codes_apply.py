"""The error codes of how `readyctl migrate apply` reads a file's headers and ledgers."""

from __future__ import annotations

APPLY: tuple[tuple[str, str, str], ...] = (
    (
        "E0437",
        "A migration has a header that readyctl does not know",
        "`-- readyctl:` before the first statement takes transaction=off or on, lock-timeout=5s "
        "and statement-timeout=1min. Anything else would be passed over by mistake.",
    ),
    (
        "E0438",
        "Another tool's ledger does not say which files were applied",
        "Alembic, graphile-migrate and Sqitch name revisions, hashes or changes, which are in no "
        "file's name. `readyctl migrate baseline VERSION` marks everything up to a version.",
    ),
)
