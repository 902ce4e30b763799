"""Divides a file into what runs in one transaction, and what cannot run in any."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from pglast import parser

from readyctl.errors import MigrateError
from readyctl.model.migration import Migration, Statement

# PostgreSQL refuses them inside of a transaction block.
_ALONE = {
    "VacuumStmt",
    "CreatedbStmt",
    "DropdbStmt",
    "AlterSystemStmt",
    "CreateTableSpaceStmt",
    "DropTableSpaceStmt",
    "CreateSubscriptionStmt",
    "DropSubscriptionStmt",
}
_MAYBE_ALONE = {"IndexStmt", "DropStmt", "ReindexStmt", "AlterTableStmt", "ClusterStmt"}
_BEGIN = {"TRANS_STMT_BEGIN", "TRANS_STMT_START"}
_COMMIT = {"TRANS_STMT_COMMIT"}


@dataclass(frozen=True, slots=True)
class Segment:
    """Statements that run together, from `first` on; `alone` where no transaction may be open."""

    first: int
    statements: tuple[Statement, ...]
    alone: bool = False

    @property
    def after(self) -> int:
        """How many statements of the file are done once this segment is."""
        return self.first + len(self.statements)


def segments(migration: Migration) -> tuple[Segment, ...]:
    """Return the segments of a file in their order; most files are one.

    The file's own BEGIN and COMMIT part it, too: what they held apart stays apart.

    Raises:
        MigrateError: E0421, the file rolls back, which would leave the ledger with a lie.
    """
    every_alone = dict(migration.options).get("transaction") == "off"
    found: list[Segment] = []
    together: list[Statement] = []
    first = 0
    added: set[str] = set()
    for number, statement in enumerate(migration.statements):
        control = _control(statement, migration) if statement.kind == "TransactionStmt" else ""
        alone = every_alone or is_alone(statement)
        uses = any(value in statement.sql for value in added)
        if control or alone or uses:
            found += [Segment(first, tuple(together))] if together else []
            together, first, added = [], number, set()
        if control:
            first = number + 1
        elif alone:
            found.append(Segment(number, (statement,), alone=True))
            first = number + 1
        else:
            together.append(statement)
            added |= _values_added(statement)
    return (*found, Segment(first, tuple(together))) if together else tuple(found)


def is_alone(statement: Statement) -> bool:
    """Return whether a statement cannot run in a transaction block, by its parse tree."""
    if statement.kind in _ALONE:
        return statement.kind != "VacuumStmt" or _tree(statement).get("is_vacuumcmd", False)
    if statement.kind not in _MAYBE_ALONE:
        return False
    tree = _tree(statement)
    if statement.kind == "ClusterStmt":
        return "relation" not in tree
    if statement.kind == "AlterTableStmt":
        return _detaches_concurrently(tree)
    if statement.kind == "ReindexStmt":
        whole = tree.get("kind") in ("REINDEX_OBJECT_SCHEMA", "REINDEX_OBJECT_DATABASE")
        named = {entry["DefElem"].get("defname") for entry in tree.get("params", ())}
        return whole or "concurrently" in named
    return bool(tree.get("concurrent"))


def script(migration: Migration, segment: Segment) -> str:
    """Return a segment's text as it is in the file, with every comment between its statements."""
    last = segment.statements[-1]
    begin = segment.statements[0].start
    text = migration.text[begin : last.start + len(last.sql)]
    # Where psql's commands were passed over, or BEGIN was, the statements stand for themselves.
    joined = ";\n".join(statement.sql for statement in segment.statements)
    return joined if _has_gap(migration, segment) else text


def place(migration: Migration, segment: Segment, offset: int) -> Statement | None:
    """Return the statement at an offset of a segment's script, None behind its end."""
    joined = _has_gap(migration, segment)
    at = segment.statements[0].start
    begin = 0
    for statement in segment.statements:
        if not joined:
            begin = statement.start - at
        if begin <= offset <= begin + len(statement.sql):
            return statement
        begin += len(statement.sql) + 2
    return None


def _has_gap(migration: Migration, segment: Segment) -> bool:
    for one, other in zip(segment.statements, segment.statements[1:], strict=False):
        between = migration.text[one.start + len(one.sql) : other.start]
        if re.search(r"^[ \t]*\\", between, re.MULTILINE):
            return True
    return False


def _control(statement: Statement, migration: Migration) -> str:
    kind = str(_tree(statement).get("kind", ""))
    if kind in _BEGIN | _COMMIT:
        return kind
    if kind in ("TRANS_STMT_SAVEPOINT", "TRANS_STMT_RELEASE", "TRANS_STMT_ROLLBACK_TO"):
        return ""
    raise MigrateError(
        "E0421",
        f"{migration.file} ends a transaction by itself",
        cause=f"{statement.sql.split()[0].upper()} would undo what the ledger calls applied",
        where=f"{migration.file}:{statement.line}:{statement.column}",
        hint="take the statement out",
    )


def _tree(statement: Statement) -> dict[str, Any]:
    parsed = json.loads(parser.parse_sql_json(statement.sql))
    tree: dict[str, Any] = parsed["stmts"][0]["stmt"][statement.kind]
    return tree


def _detaches_concurrently(tree: dict[str, Any]) -> bool:
    commands: Sequence[dict[str, Any]] = [c["AlterTableCmd"] for c in tree.get("cmds", ())]
    return any(
        command.get("def", {}).get("PartitionCmd", {}).get("concurrent") for command in commands
    )


def _values_added(statement: Statement) -> set[str]:
    # A value of an enum can be used once the transaction that added it is over.
    if statement.kind == "AlterEnumStmt":
        return {f"'{value}'" for value in _enum_values(_tree(statement))}
    return set()


def _enum_values(tree: dict[str, Any]) -> Iterator[str]:
    if tree.get("newVal") and not tree.get("oldVal"):
        yield str(tree["newVal"]).replace("'", "''")
