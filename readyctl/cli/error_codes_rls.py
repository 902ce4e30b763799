"""The error codes of `readyctl migrate rls`."""

from __future__ import annotations

RLS: tuple[tuple[str, str, str], ...] = (
    (
        "E0475",
        "A file of row-level security cases is not valid",
        "The file and the line are named; schemas/rls-1.schema.json is the format. Statements may "
        "change rows, and nothing else: everything is rolled back.",
    ),
    (
        "E0476",
        "A case names what the database lacks",
        "There is no such table, column, role or caller. Are the migrations applied?",
    ),
    (
        "E0477",
        "What the cases need cannot be set up",
        "The database refuses a row or a statement of `setup:`. It is put in by the role that is "
        "connected, which must own the tables or bypass row-level security.",
    ),
    (
        "E0478",
        "There is nothing to test",
        "There is no table, no role that is granted anything, or no case where cases were asked "
        "for. `rls:` of the configuration names the folder of cases.",
    ),
    (
        "E0479",
        "Row-level security cannot be tested",
        "The connection was lost, or the server refuses what the test needs. Nothing was changed: "
        "a transaction that is not committed is rolled back by the server.",
    ),
)
