"""Divides a file into what runs in one transaction, and what cannot run in any.

The parse tree says most of it. The rest the server says, when it refuses a statement: that one
cannot run in a transaction, or needs what only a committed one leaves. See `divided`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
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
# A value of an enum can be used once the transaction that added it is over.
_NEEDS_COMMIT = "55P04"
_IN_TRANSACTION = "25001"
_ENDS_TRANSACTION = "2D000"
_SETS_NOTHING = {
    *("CreateStmt", "CreateSchemaStmt", "CreateSeqStmt", "CreateEnumStmt", "CreateDomainStmt"),
    *("CompositeTypeStmt", "CreateFunctionStmt", "CreateTrigStmt", "CreatePolicyStmt", "ViewStmt"),
    *("AlterTableStmt", "AlterSeqStmt", "AlterEnumStmt", "AlterPolicyStmt", "AlterFunctionStmt"),
    *("IndexStmt", "DropStmt", "RenameStmt", "CommentStmt", "GrantStmt", "AlterOwnerStmt"),
}
_NEVER_ALONE = {"VariableSetStmt", "SelectStmt", "DoStmt", "CallStmt", "TransactionStmt"}
_NOTHING = re.compile(r"(?:\s|;|--(?!\s*migrate:)[^\n]*|/\*.*?\*/)*", re.DOTALL)
_SET_CONFIG = re.compile(r"(?i)select\s+(?:pg_catalog\s*\.\s*)?set_config\s*\(")
_JOINT = "\n;\n"


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

    The file's own BEGIN and COMMIT part it, too: what they held apart stays apart. Its header
    `transaction=off` makes each statement one, `transaction=on` the whole file.

    Raises:
        MigrateError: E0421, the file rolls back, or gives back the lock that keeps rivals out:
            the ledger would hold a lie.
    """
    transaction = dict(migration.options).get("transaction")
    found: list[Segment] = []
    together: list[Statement] = []
    first = 0
    for number, statement in enumerate(migration.statements):
        _refuse_unlocking(statement, migration)
        control = _control(statement, migration) if statement.kind == "TransactionStmt" else ""
        alone = transaction != "on" and is_alone(statement)
        if control or alone or transaction == "off":
            found += [Segment(first, tuple(together))] if together else []
            together, first = [], number
        if control:
            first = number + 1
        elif alone:
            found.append(Segment(number, (statement,), alone=True))
            first = number + 1
        else:
            together.append(statement)
    return (*found, Segment(first, tuple(together))) if together else tuple(found)


def behind(found: Sequence[Segment], done: int) -> tuple[Segment, ...]:
    """Return what is left of segments whose first `done` statements are applied."""
    left = [segment for segment in found if segment.after > done]
    if left and left[0].first < done:
        left[0] = Segment(done, left[0].statements[done - left[0].first :])
    return tuple(left)


def divided(segment: Segment, statement: Statement | None, sqlstate: str) -> tuple[Segment, ...]:
    """Return the parts of a segment that the server refused as one, empty where none would help.

    What is before the refused statement is committed first only where the statement can then run.
    """
    if segment.alone or statement not in segment.statements:
        return ()
    at = segment.statements.index(statement)
    before, after = segment.statements[:at], segment.statements[at + 1 :]
    number = segment.first + at
    begin = (Segment(segment.first, before),) if before else ()
    if sqlstate == _NEEDS_COMMIT and before:
        return (*begin, Segment(number, (statement, *after)))
    if _runs_alone(statement, sqlstate):
        end = (Segment(number + 1, after),) if after else ()
        return (*begin, Segment(number, (statement,), alone=True), *end)
    return ()


def settings(migration: Migration, done: int) -> str:
    """Return what the first `done` statements of a file set for those behind them."""
    found = (s.sql for s in migration.statements[:done] if _sets(s))
    return "".join(f"{sql}{_JOINT}" for sql in found)


def sets_nothing(migration: Migration) -> bool:
    """Return whether a file can change no setting or role, and runs no code that could."""
    return all(statement.kind in _SETS_NOTHING for statement in migration.statements)


def _runs_alone(statement: Statement, sqlstate: str) -> bool:
    # What a function does cannot be helped: only a procedure or a block ends transactions.
    if sqlstate == _ENDS_TRANSACTION:
        return statement.kind in ("CallStmt", "DoStmt")
    return sqlstate == _IN_TRANSACTION and statement.kind not in _NEVER_ALONE


def _sets(statement: Statement) -> bool:
    if statement.kind == "VariableSetStmt":
        return not _tree(statement).get("is_local")
    return statement.kind == "SelectStmt" and bool(_SET_CONFIG.match(statement.sql))


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
    if not _has_gap(migration, segment):
        return migration.text[begin : last.start + len(last.sql)]
    # Where something between them is not to be run, the statements stand for themselves.
    return _JOINT.join(statement.sql for statement in segment.statements)


def place(migration: Migration, segment: Segment, offset: int) -> tuple[Statement, int] | None:
    """Return the statement at an offset of a segment's script, and the offset in the file's text.

    None is behind the last statement.
    """
    joined = _has_gap(migration, segment)
    at = segment.statements[0].start
    begin = 0
    for statement in segment.statements:
        if not joined:
            begin = statement.start - at
        if begin <= offset <= begin + len(statement.sql):
            return statement, statement.start + offset - begin
        begin += len(statement.sql) + len(_JOINT)
    return None


def _has_gap(migration: Migration, segment: Segment) -> bool:
    """Whether psql's commands, or the down part of a file, stand between the statements."""
    text, found = migration.text, segment.statements
    if any(text[s.start : s.start + len(s.sql)] != s.sql for s in found):
        return True
    return not all(
        _NOTHING.fullmatch(text, one.start + len(one.sql), other.start)
        for one, other in pairwise(found)
    )


def _refuse_unlocking(statement: Statement, migration: Migration) -> None:
    whole = statement.kind == "DiscardStmt" and _tree(statement).get("target") == "DISCARD_ALL"
    if whole or "pg_advisory_unlock_all" in statement.sql.lower():
        raise MigrateError(
            "E0421",
            f"{migration.file} gives back the lock that keeps two applies apart",
            cause=f"{'DISCARD ALL' if whole else 'pg_advisory_unlock_all'} ends every lock",
            where=f"{migration.file}:{statement.line}:{statement.column}",
            hint="take the statement out",
        )


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
