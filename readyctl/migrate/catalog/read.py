"""Reads a database's schema: one message to the server, one snapshot, nothing written."""

from __future__ import annotations

from collections.abc import Sequence

from readyctl.clients.database import Answer, ConnectionLost, DatabaseSession, Refused
from readyctl.errors import MigrateError
from readyctl.migrate.catalog.assemble import QUERIES, assemble
from readyctl.model.schema import Schema

# Everything that changes how the server writes an expression, and what may keep others waiting.
_SETTINGS = {
    "search_path": "''",
    "timezone": "'UTC'",
    "datestyle": "'ISO, YMD'",
    "intervalstyle": "'postgres'",
    "bytea_output": "'hex'",
    "quote_all_identifiers": "off",
    "standard_conforming_strings": "on",
    "extra_float_digits": "1",
    "jit": "off",
    "lock_timeout": "'10s'",
    "statement_timeout": "'60s'",
}
PREAMBLE = "; ".join(f"set local {name} = {value}" for name, value in _SETTINGS.items())


def statements(server_version: int) -> Sequence[str]:
    """Return the queries that a server of this version understands, in the order of QUERIES."""
    return [query.text(server_version) for query in QUERIES]


def read_schema(session: DatabaseSession, migrator: str = "") -> Schema:
    """Return everything that a database is made of; `migrator`: see `assemble`.

    Raises:
        MigrateError: E0460, the server refuses a query, or the connection is lost.
        SourceFailure: there is no connection.
    """
    try:
        answers = session.pipelined(statements(session.server_version), PREAMBLE)
    except Refused as refused:
        raise _unread(f"{refused.message} (SQLSTATE {refused.sqlstate})") from None
    except ConnectionLost:
        raise _unread("the connection was lost") from None
    return joined(answers, migrator)


def joined(answers: Sequence[Answer], migrator: str = "") -> Schema:
    """Return the schema that the answers to `statements` make up."""
    named = zip(QUERIES, answers, strict=True)
    return assemble(
        {
            query.name: [dict(zip(answer.columns, row, strict=True)) for row in answer.rows]
            for query, answer in named
        },
        migrator,
    )


def _unread(cause: str) -> MigrateError:
    return MigrateError(
        "E0460",
        "the catalog of the database cannot be read",
        cause=cause,
        hint="run it again; a lock that somebody holds on a table can keep it from being read",
    )
