"""Rules about foreign keys and what they need."""

from __future__ import annotations

import re
from collections.abc import Iterator

from readyctl.migrate.lint.nodes import shown
from readyctl.migrate.lint.rule import Found, rule
from readyctl.migrate.lint.schema import ForeignKey, Index, Schema, Table
from readyctl.model.status import Severity


def _unindexed(schema: Schema) -> Iterator[Found]:
    for table in schema.tables.values():
        for key in table.foreign_keys:
            if any(_serves(index, key) for index in table.indexes):
                continue
            columns = ", ".join(key.columns)
            name = f"{shown(table.name)} ({columns})"
            block = _block(schema, table)
            message = f"no index begins with {name}, which refers to {shown(key.target)}"
            if block:
                message = f"{block} makes indexes as it runs, perhaps one on {name}"
            hint = f"create index concurrently on {name}"
            yield Found(key.step, message, name, hint, undecided=bool(block))


def _serves(index: Index, key: ForeignKey) -> bool:
    if index.partial and index.not_null_of not in key.columns:
        return False
    if index.method not in ("btree", "hash"):
        return False
    # In whichever order: the server asks for equality of all of them.
    return set(index.columns[: len(key.columns)]) == set(key.columns)


def _block(schema: Schema, table: Table) -> str:
    bare = re.escape(table.name.rpartition(".")[2])
    for block in schema.dynamic:
        if re.search(rf"\b{bare}\b|pg_constraint", block.text) and re.search(
            r"create\s+(unique\s+)?index", block.text, re.I
        ):
            return f"{block.migration.file}:{block.line}"
    return ""


RULES = (
    rule(
        "foreign-key-without-index",
        Severity.MEDIUM,
        "No index begins with the columns of a foreign key.",
        "Each delete or change of key in the other table reads this one as a whole, and keeps its "
        "locks meanwhile.",
        "CREATE INDEX on the columns, in any file. A primary key or a unique constraint counts "
        "when it begins with them, a partial index when it leaves out only nulls.",
        whole=_unindexed,
    ),
)
