"""Error codes of `readyctl migrate verify`."""

from __future__ import annotations

VERIFY: tuple[tuple[str, str, str], ...] = (
    (
        "E0460",
        "The catalog of the database cannot be read",
        "The server refused a query over its own catalogs, or was lost. Nothing was compared, so "
        "nothing is said about the schema.",
    ),
    (
        "E0461",
        "No temporary database can be made on the server",
        "`--shadow server` needs a role that may create databases. `--shadow embedded` needs no "
        "server but this machine.",
    ),
    (
        "E0462",
        "A file is no snapshot of a schema",
        "It was changed by hand, or written by another version of readyctl. Write it again.",
    ),
    (
        "E0463",
        "The snapshot of the schema is stale",
        "Migrations were written or changed since it was recorded, so it does not say what is "
        "expected now. Record it again, and commit it with the migration.",
    ),
    (
        "E0464",
        "The files cannot be applied beside the live database",
        "Roles, tablespaces and settings of the server belong to all of its databases: a file that "
        "changes them would change the live ones. Build the schema on a server of its own.",
    ),
    (
        "E0465",
        "The expected schema is named twice",
        "It is that of the files, of a snapshot, or of another database: one of them.",
    ),
)
