"""Rules about files of which a part may stay when the rest fails."""

from __future__ import annotations

from collections.abc import Iterator

from readyctl.migrate.lint.nodes import shown
from readyctl.migrate.lint.rule import Found, rule
from readyctl.migrate.lint.schema import Schema
from readyctl.migrate.lint.step import Step
from readyctl.migrate.segments import is_alone
from readyctl.model.migration import Migration, Statement
from readyctl.model.status import Severity

_SESSION = {"VariableSetStmt"}


def _in_parts(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    here = Statement(step.sql, step.kind, 0, step.line, step.column)
    if step.nested or not is_alone(here):
        return
    alone = [statement for statement in step.migration.statements if is_alone(statement)]
    if _is(step, alone[0]) and _others(step.migration, len(alone)):
        message = "of the file a part stays when the rest fails: this runs in no transaction"
        yield Found(step, message, hint="give the statement a file of its own")


def _is(step: Step, statement: Statement) -> bool:
    return (step.line, step.column) == (statement.line, statement.column)


def _others(migration: Migration, alone: int) -> bool:
    working = [s for s in migration.statements if s.kind not in _SESSION]
    return len(working) > min(alone, 1)


def _value(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    if step.kind == "AlterEnumStmt" and "oldVal" not in step.tree:
        name = ".".join(str(n["String"]["sval"]) for n in step.tree.get("typeName", ()))
        yield Found(step, f"no statement takes a value out of {shown(name)} again", shown(name))


def _undo(step: Step, schema: Schema) -> Iterator[Found]:
    del schema
    if step.kind == "DropStmt" and step.tree.get("removeType") == "OBJECT_EXTENSION":
        yield Found(step, "what the extension kept is not there when it is made again")


RULES = (
    rule(
        "file-in-parts",
        Severity.MEDIUM,
        "A file has a statement that runs in no transaction, and others.",
        "Of such a file a part is committed when the rest fails. readyctl goes on behind it; the "
        "schema is neither the old nor the new one until then.",
        "Give the statement a file of its own.",
        each=_in_parts,
    ),
    rule(
        "enum-value",
        Severity.LOW,
        "A value is added to an enum.",
        "Nothing takes it out again: a release that is rolled back leaves it there.",
        "Where values come and go, use a table with a foreign key.",
        each=_value,
    ),
    rule(
        "drop-extension",
        Severity.MEDIUM,
        "An extension is dropped.",
        "Types, functions and what it kept go with it; to make it again brings none of it back.",
        "Leave it, unless nothing of it is in use.",
        each=_undo,
    ),
)
