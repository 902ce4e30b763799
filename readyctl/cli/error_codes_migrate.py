"""The error codes of `readyctl migrate`."""

from __future__ import annotations

MIGRATE: tuple[tuple[str, str, str], ...] = (
    (
        "E0401",
        "A migration is not SQL",
        "PostgreSQL's grammar does not allow what is at the line and column that are named. "
        "Nothing was applied.",
    ),
    (
        "E0402",
        "A migration needs psql",
        "A line begins with a backslash: a command that psql carries out itself, such as to read "
        "another file. Commands that change nothing are passed over; this one is not such.",
    ),
    (
        "E0403",
        "There are no migrations",
        "The folder is not there, or has no file whose name begins with a version. Versions are "
        "numbers: 0001_name.sql, 20250101120000_name.sql, V1__name.sql.",
    ),
    (
        "E0404",
        "Two migrations have one version",
        "The order of the two is nowhere said, and the ledger keeps one entry for each version. "
        "Leading zeros make no difference.",
    ),
    (
        "E0405",
        "A migration cannot be decoded",
        "The file is neither UTF-8 nor UTF-16 with a byte order mark. The line and the byte are "
        "named.",
    ),
    (
        "E0421",
        "A migration ends its transaction",
        "ROLLBACK, or a prepared transaction, would undo what the ledger calls applied. BEGIN and "
        "COMMIT are allowed: they part the file.",
    ),
    (
        "E0422",
        "The ledger cannot be made",
        "The role that is connected may not make the schema or the table that keeps what was "
        "applied.",
    ),
    (
        "E0423",
        "The ledger cannot be read",
        "The table that database.ledger names is there, and either the role may not read it or "
        "it was not made by readyctl.",
    ),
    (
        "E0424",
        "No migration has this version",
        "--to or the argument names a version that is neither in the folder nor in the ledger.",
    ),
    (
        "E0425",
        "A migration was changed after it was applied",
        "The file's tokens are not those that were applied; the lines that differ are shown. "
        "Comments and layout may change: only what is executed counts.",
    ),
    (
        "E0426",
        "A migration comes too late",
        "It is pending, and its version is before one that was applied. Databases would differ "
        "in the order of their changes.",
    ),
    (
        "E0427",
        "Another tool has applied migrations here",
        "There is a ledger of another tool and none of readyctl's. To apply everything again "
        "would fail, or worse. `baseline --from-ledger` takes over what it has.",
    ),
    (
        "E0428",
        "A half applied migration changed",
        "Some of its statements are committed, because they cannot run in a transaction, and the "
        "file no longer begins with them. What is behind them may be corrected.",
    ),
    (
        "E0429",
        "Another apply is running",
        "Two at once would run files twice. The lock belongs to a session: it is given back when "
        "that session ends, also when its process is killed.",
    ),
    (
        "E0430",
        "The server cannot be migrated through this connection",
        "It is older than PostgreSQL 15, takes no changes, or is reached through a pooler, which "
        "shares sessions. Connect to the writer itself.",
    ),
    (
        "E0431",
        "A migration cannot be applied",
        "The server refuses a statement. File, line and column are named; of the file nothing "
        "is kept, but for statements before it that cannot run in a transaction.",
    ),
    (
        "E0432",
        "A migration waits for a lock",
        "A session holds a lock that a statement needs. readyctl gave way each time, so that "
        "nobody else waited behind it, and tried again.",
    ),
    (
        "E0433",
        "The connection was lost",
        "The server ended, or the network did. The file that was being applied is applied as a "
        "whole with its entry in the ledger, or not at all.",
    ),
    (
        "E0434",
        "No connection may change the schema",
        "The environment has no `database.owner_dsn`, or the variable that it names is empty.",
    ),
    (
        "E0435",
        "There is nothing to mark",
        "Every migration that is meant is in the ledger already, or none is meant.",
    ),
    (
        "E0436",
        "A migration cannot have this name",
        "Names are lower case letters, digits and single underscores, and no two files of one "
        "second have the same.",
    ),
)
