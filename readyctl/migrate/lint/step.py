"""What a folder does, step by step: each statement with its parse tree, also those in DO blocks."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec
from pglast import parser

from readyctl.migrate.parsing import Lines
from readyctl.model.migration import Migration, Statement

Tree = Mapping[str, Any]

# Trees of these are not asked for, and seed data has very large ones.
_UNREAD = {"TransactionStmt", "CopyStmt", "CommentStmt", "VariableShowStmt"}
_DOLLAR = re.compile(r"\$(?:[A-Za-z_]\w*)?\$")


class _Parsed(msgspec.Struct):
    stmts: list[dict[str, Any]] = []


@dataclass(frozen=True, slots=True)
class Step:
    """One statement where it runs.

    `order` is the place of its file in the folder. `nested` is one that a DO block runs, perhaps;
    its line and column are those of the statement in the block.
    """

    migration: Migration
    order: int
    kind: str
    sql: str
    tree: Tree
    line: int
    column: int
    nested: bool = False

    @property
    def place(self) -> str:
        """The file and the line, as messages name another place."""
        return f"{self.migration.file}:{self.line}"


@dataclass(frozen=True, slots=True)
class Dynamic:
    """A DO block that runs SQL which no file spells out; `text` is the block."""

    migration: Migration
    order: int
    text: str
    line: int


def steps(migrations: Sequence[Migration]) -> Iterator[Step | Dynamic]:
    """Yield every statement of a folder in the order in which they run.

    A DO block is followed by the statements in it, and by itself where it makes up SQL.
    """
    for order, migration in enumerate(migrations):
        for statement in migration.statements:
            if statement.kind in _UNREAD:
                continue
            yield _step(migration, order, statement)
            if statement.kind == "DoStmt":
                yield from _block(migration, order, statement)


def _step(migration: Migration, order: int, statement: Statement) -> Step:
    tree = _tree(statement.sql, statement.kind)
    return Step(
        migration, order, statement.kind, statement.sql, tree, statement.line, statement.column
    )


def _tree(sql: str, kind: str) -> Tree:
    encoded = parser.parse_sql_json(sql)
    # Values of seed data are thousands of constants: only what calls a function is read.
    if kind == "InsertStmt" and len(sql) > 20_000 and '"FuncCall"' not in encoded:
        return msgspec.json.decode(encoded, type=_Shallow).stmts[0].stmt["InsertStmt"].shallow()
    found: Tree = msgspec.json.decode(encoded, type=_Parsed).stmts[0]["stmt"][kind]
    return found


class _ShallowInsert(msgspec.Struct):
    relation: dict[str, Any]
    cols: list[dict[str, Any]] = []
    conflict: dict[str, Any] | None = msgspec.field(default=None, name="onConflictClause")

    def shallow(self) -> Tree:
        """Return the tree without its values."""
        found: dict[str, Any] = {"relation": self.relation, "cols": self.cols}
        if self.conflict is not None:
            found["onConflictClause"] = self.conflict
        return found


class _ShallowStatement(msgspec.Struct):
    stmt: dict[str, _ShallowInsert]


class _Shallow(msgspec.Struct):
    stmts: list[_ShallowStatement]


def _block(migration: Migration, order: int, statement: Statement) -> Iterator[Step | Dynamic]:
    dynamic = Dynamic(migration, order, statement.sql, statement.line)
    try:
        found = json.loads(parser.parse_plpgsql_json(statement.sql))
    except (parser.ParseError, ValueError):
        # Another language, or a type that only the database knows.
        yield dynamic
        return
    lines = Lines(statement.sql)
    at = 0
    for kind, query in _queries(found):
        sql = query if kind == "PLpgSQL_stmt_execsql" else _constant(query)
        if sql is None:
            yield dynamic
            continue
        offset = statement.sql.find(query.strip("'"), at)
        at = max(at, offset)
        line, _ = lines.place(max(offset, 0))
        yield from _nested(migration, order, sql, statement.line + line - 1)


def _nested(migration: Migration, order: int, sql: str, line: int) -> Iterator[Step]:
    try:
        parsed = msgspec.json.decode(parser.parse_sql_json(sql), type=_Parsed)
    except parser.ParseError:
        return
    for found in parsed.stmts:
        ((kind, tree),) = found["stmt"].items()
        yield Step(migration, order, kind, sql, tree, line, 1, nested=True)


def _queries(node: object) -> Iterator[tuple[str, str]]:
    """Yield kind and text of what a block executes."""
    if isinstance(node, list):
        for part in node:
            yield from _queries(part)
    elif isinstance(node, dict):
        for key, value in node.items():
            if key in ("PLpgSQL_stmt_execsql", "PLpgSQL_stmt_dynexecute"):
                expression = value.get("sqlstmt") or value.get("query") or {}
                yield key, str(expression.get("PLpgSQL_expr", {}).get("query", ""))
            else:
                yield from _queries(value)


def _constant(expression: str) -> str | None:
    """Return the text that an expression is, None where it is made up."""
    try:
        tree = json.loads(parser.parse_sql_json(f"select {expression}"))
        (target,) = tree["stmts"][0]["stmt"]["SelectStmt"]["targetList"]
        return str(target["ResTarget"]["val"]["A_Const"]["sval"]["sval"])
    except (parser.ParseError, KeyError, ValueError):
        return None
