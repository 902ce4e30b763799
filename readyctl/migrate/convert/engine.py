"""Converts a folder: every file is read and parsed once, surveyed, edited, and reported."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

from readyctl.errors import MigrateError, ReadyctlError
from readyctl.migrate.convert import (
    folder,
    prelude,
    rules_calls,
    rules_extensions,
    rules_managed,
    rules_roles,
)
from readyctl.migrate.convert.edits import applied
from readyctl.migrate.convert.folder import Raw
from readyctl.migrate.convert.names import GUARD
from readyctl.migrate.convert.psqllines import plain
from readyctl.migrate.convert.survey import Survey, survey
from readyctl.migrate.convert.unit import Statement, Unit, read
from readyctl.migrate.parsing import parse
from readyctl.model.conversion import Conversion, Converted, Note, Refusal, Treatment

Rule = Callable[[Unit, Statement, Survey], None]

_RULES: Mapping[str, tuple[Rule, ...]] = MappingProxyType(
    {
        "CreateExtensionStmt": (rules_extensions.create,),
        "AlterExtensionStmt": (rules_extensions.alter,),
        "AlterExtensionContentsStmt": (rules_extensions.alter,),
        "AlterObjectSchemaStmt": (rules_extensions.alter,),
        "CommentStmt": (rules_extensions.alter, rules_managed.objects),
        "DropStmt": (rules_extensions.drop,),
        "CreateFunctionStmt": (rules_extensions.language, rules_managed.function),
        "IndexStmt": (rules_extensions.index, rules_managed.objects, rules_managed.already),
        "CreateStmt": (rules_managed.already,),
        "CreateEnumStmt": (rules_managed.already,),
        "CompositeTypeStmt": (rules_managed.already,),
        "CreateFdwStmt": (rules_extensions.foreign,),
        "CreateForeignServerStmt": (rules_extensions.foreign,),
        "CreateForeignTableStmt": (rules_extensions.foreign,),
        "ImportForeignSchemaStmt": (rules_extensions.foreign,),
        "CreateUserMappingStmt": (rules_extensions.foreign,),
        "AlterOwnerStmt": (rules_managed.objects, rules_roles.owners),
        "AlterTableStmt": (rules_managed.objects, rules_roles.owners, rules_managed.already),
        "AlterDefaultPrivilegesStmt": (rules_roles.owners,),
        "CreateSchemaStmt": (rules_roles.schema,),
        "CreateRoleStmt": (rules_roles.create,),
        "AlterRoleStmt": (rules_roles.alter,),
        "AlterRoleSetStmt": (rules_roles.settings,),
        "DropRoleStmt": (rules_roles.drop,),
        "VariableSetStmt": (rules_roles.variable,),
        "GrantStmt": (rules_managed.objects,),
        "CreateTrigStmt": (rules_managed.objects,),
        "CreatePolicyStmt": (rules_managed.objects,),
        "AlterPolicyStmt": (rules_managed.objects,),
        "AlterFunctionStmt": (rules_managed.objects,),
        "CreateEventTrigStmt": (rules_managed.event_trigger,),
        "AlterEventTrigStmt": (rules_managed.altered_event_trigger,),
        "CreatePublicationStmt": (rules_managed.publication,),
        "AlterPublicationStmt": (rules_managed.publication,),
        "SecLabelStmt": (rules_managed.label,),
        "AlterSystemStmt": (rules_managed.server,),
        "AlterDatabaseStmt": (rules_managed.server,),
        "AlterDatabaseSetStmt": (rules_managed.database_setting,),
        "CreatedbStmt": (rules_managed.server,),
        "DropdbStmt": (rules_managed.server,),
        "SelectStmt": (rules_managed.called,),
        "CallStmt": (rules_managed.called,),
        "DoStmt": (rules_managed.called,),
        "InsertStmt": (),
        "UpdateStmt": (),
    }
)
_WITH_BODIES = frozenset({"DoStmt", "CreateFunctionStmt"})


def convert(source: Path) -> Conversion:
    """Return the converted folder; nothing is written.

    Raises:
        MigrateError: E0403, there are no migrations.
    """
    found = folder.read(source)
    refusals = [_refusal(file, error) for file, error in found.failed]
    units: list[tuple[Raw, Unit]] = []
    for raw in found.files:
        try:
            units.append((raw, _unit(raw)))
        except MigrateError as error:
            refusals.append(_refusal(raw.file, error))
    known = survey([unit for _, unit in units], found.parts)
    files: list[Converted] = []
    for raw, unit in units:
        try:
            files.append(_converted(raw, unit, known))
        except MigrateError as error:
            refusals.append(_refusal(raw.file, error))
    text = prelude.written(known.parts)
    if text:
        files.insert(0, Converted("", prelude.FILE, text.encode()))
    return Conversion(
        tuple(files),
        tuple(note for _, unit in units for note in sorted(unit.notes, key=_order)),
        tuple(schedule for _, unit in units for schedule in unit.schedules),
        tuple(sorted(refusals, key=lambda refusal: refusal.file)),
        tuple(sorted(known.parts)),
        found.passed,
    )


def _unit(raw: Raw) -> Unit:
    text, done = plain(raw.text, raw.file)
    unit = read(raw.file, raw.target, text, text)
    if raw.target != raw.file:
        unit.notes.append(
            Note(
                raw.file,
                0,
                0,
                "name of the file",
                Treatment.MAPPED,
                f"called {raw.target}: no two files have one version",
            )
        )
    unit.notes += [
        Note(raw.file, line, 1, "command of psql", Treatment.MAPPED, said) for line, said in done
    ]
    return unit


def _converted(raw: Raw, unit: Unit, known: Survey) -> Converted:
    for statement in unit.statements:
        for rule in _RULES.get(statement.kind, ()):
            if statement.start not in unit.done:
                rule(unit, statement, known)
        if statement.kind in ("InsertStmt", "UpdateStmt") and "vault" in unit.sql(statement):
            rules_calls.secret_rows(unit, statement, known)
        guarded = unit.sql(statement).startswith(f"do {GUARD}")
        if statement.kind in _WITH_BODIES and statement.start not in unit.done and not guarded:
            rules_extensions.inside_bodies(unit, statement)
            rules_extensions.again(unit, statement)
        rules_calls.look(unit, statement, known)
    text = applied(unit.text, unit.edits)
    if unit.edits:
        _readable(text, raw.file)
    return Converted(raw.file, raw.target, raw.encoded(text), len(unit.edits))


def _readable(text: str, file: str) -> None:
    # What is refused here is a defect; nobody should find it in the middle of an apply.
    try:
        parse(text, file)
    except MigrateError as error:
        raise MigrateError(
            "E0443",
            f"{file} is no SQL any more once it is converted",
            cause=error.cause,
            where=error.where,
            hint="this is a defect of readyctl: report the statement, and convert it by hand",
        ) from None


def _refusal(file: str, error: ReadyctlError) -> Refusal:
    return Refusal(file, error.where or file, error.message, error.cause, error.hint)


def _order(note: Note) -> tuple[int, int]:
    return note.line, note.column
