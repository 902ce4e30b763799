"""Reads files of cases: callers, rows that are there, and what must come out."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from readyctl.clients.files import shown
from readyctl.clients.yamlfile import YamlDocument, load_yaml, validate
from readyctl.config.schema import bundled_schema
from readyctl.errors import MigrateError
from readyctl.migrate.parsing import parse
from readyctl.model.json import Json
from readyctl.model.rls import Caller, Case, Command

_CHANGES = {"InsertStmt", "UpdateStmt", "DeleteStmt", "SelectStmt"}
OTHERS = "others"


@dataclass(frozen=True, slots=True)
class Setup:
    """One statement of the owner, or the row that goes into `table`."""

    file: str
    line: int
    sql: str = ""
    table: str = ""
    row: tuple[tuple[str, Json], ...] = ()


@dataclass(frozen=True, slots=True)
class Cases:
    """All files of a folder together."""

    folder: Path
    files: tuple[str, ...] = ()
    tenant_column: str = ""
    callers: tuple[Caller, ...] = ()
    setup: tuple[Setup, ...] = ()
    cases: tuple[Case, ...] = ()


def read_cases(folder: Path, root: Path) -> Cases:
    """Read `*.yaml` of a folder in the order of the names; nothing where the folder is missing.

    Raises:
        ConfigError: E0475, a file is not as its schema says.
        MigrateError: E0475, a caller is there twice or unknown, or a statement is not allowed;
            E0401, it is no SQL.
    """
    documents = [_document(path) for path in sorted(folder.glob("*.yaml"))]
    callers: dict[str, Caller] = {}
    for document in documents:
        for name, data in _part(document, "callers").items():
            if name in callers:
                raise _wrong(document, ("callers", name), f"the caller {name} is there twice")
            callers[name] = _caller(document, name, data)
    columns = [str(_part(document)["tenant_column"]) for document in documents
               if "tenant_column" in _part(document)]  # fmt: skip
    return Cases(
        folder=folder,
        files=tuple(shown(document.path, root) for document in documents),
        tenant_column=columns[0] if columns else "",
        callers=tuple(callers.values()),
        setup=tuple(step for document in documents for step in _setup(document, root)),
        cases=tuple(
            case for document in documents for case in _cases(document, root, tuple(callers))
        ),
    )


def _document(path: Path) -> YamlDocument:
    document = load_yaml(path)
    validate(document, bundled_schema("rls-1"), "E0475", "file of cases")
    return document


def _part(document: YamlDocument, key: str = "") -> Mapping[str, Any]:
    data: Any = document.data
    found: Mapping[str, Any] = data.get(key, {}) if key else data
    return found


def _caller(document: YamlDocument, name: str, data: Mapping[str, Any]) -> Caller:
    place = ("callers", name, "sql")
    statements = tuple(
        sql for sql, kind, _ in _statements(document, place, data.get("sql", ""))
        if _allowed(document, place, kind, {"SelectStmt"})
    )  # fmt: skip
    settings = data.get("settings", {})
    return Caller(
        name=name,
        role=data["role"],
        settings=tuple(
            (key, value if isinstance(value, str) else json.dumps(value))
            for key, value in settings.items()
        ),
        sql=statements,
        tenant=data.get("tenant", ""),
    )


def _setup(document: YamlDocument, root: Path) -> Iterator[Setup]:
    file = shown(document.path, root)
    for index, data in enumerate(_part(document).get("setup", ())):
        place = ("setup", index, "sql")
        for sql, kind, line in _statements(document, place, data.get("sql", "")):
            _allowed(document, place, kind, _CHANGES)
            yield Setup(file, line, sql=sql)
        for number, row in enumerate(data.get("rows", ())):
            line = document.line_of(("setup", index, "rows", number))
            yield Setup(file, line, table=data["table"], row=tuple(row.items()))


def _cases(document: YamlDocument, root: Path, callers: tuple[str, ...]) -> Iterator[Case]:
    file = shown(document.path, root)
    for index, data in enumerate(_part(document).get("cases", ())):
        expect: dict[str, Any] = data["expect"]
        for unknown in sorted(expect.keys() - {*callers, OTHERS}):
            place = ("cases", index, "expect", unknown)
            raise _wrong(document, place, f"there is no caller {unknown}", ", ".join(callers))
        if "where" in data:
            _condition(document, ("cases", index, "where"), data["where"])
        for caller in callers:
            if caller not in expect and OTHERS not in expect:
                continue
            named = caller if caller in expect else OTHERS
            expected = expect[named]
            yield Case(
                file=file,
                line=document.line_of(("cases", index, "expect", named)),
                table=data["table"],
                caller=caller,
                command=Command(data["command"]),
                expected=tuple(map(str, expected)) if isinstance(expected, list) else expected,
                where=data.get("where", ""),
                row=tuple((data.get("row") or data.get("set") or {}).items()),
                key=data.get("key", ""),
            )


def _statements(
    document: YamlDocument, place: tuple[str | int, ...], text: str
) -> Iterator[tuple[str, str, int]]:
    first = document.line_of(place)
    for statement in parse(text, f"{document.path.name} ({place[0]})") if text else ():
        yield statement.sql, statement.kind, first + statement.line


def _allowed(
    document: YamlDocument, place: tuple[str | int, ...], kind: str, kinds: set[str]
) -> bool:
    # COMMIT would keep what must be rolled back, and DDL would lock what others use.
    if kind in kinds:
        return True
    words = ", ".join(sorted(name.removesuffix("Stmt").upper() for name in kinds))
    raise _wrong(document, place, f"a statement is not one of {words}")


def _condition(document: YamlDocument, place: tuple[str | int, ...], text: str) -> None:
    kinds = [kind for _, kind, _ in _statements(document, place, f"select 1 where (\n{text}\n)")]
    if kinds != ["SelectStmt"]:
        raise _wrong(document, place, "a condition is more than a condition")


def _wrong(
    document: YamlDocument, place: tuple[str | int, ...], message: str, known: str = ""
) -> MigrateError:
    return MigrateError(
        "E0475",
        message,
        cause=f"known: {known}" if known else "",
        where=document.where(place),
        hint="correct the line; schemas/rls-1.schema.json is the format",
    )
