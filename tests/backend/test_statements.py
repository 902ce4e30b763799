"""Every statement: of the migrations for the grammar, of the functions for the migrated schema."""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path

import pglast
import psycopg
import pytest

from readyctl.resources import bundled

pytestmark = pytest.mark.environment

ROOT = Path(__file__).resolve().parents[2]
MODULES = sorted(
    ".".join(path.relative_to(ROOT).with_suffix("").parts)
    for path in (*(ROOT / "backend" / "functions").glob("*/*.py"), *ROOT.glob("backend/runtime/*"))
    if path.suffix == ".py" and path.name != "__init__.py"
)
_ANNOTATED = re.compile(r"^(\w+): LiteralString = ", re.MULTILINE)
_PARAMETER = re.compile(r"%\((\w+)\)s|%s")
MIGRATIONS = sorted(bundled("backend", "migrations").glob("*.sql"))


def constants() -> list[tuple[str, str]]:
    """The name and text of every statement that a module of the backend holds."""
    found = []
    for name in MODULES:
        source = (ROOT / Path(*name.split("."))).with_suffix(".py").read_text(encoding="utf-8")
        module = import_module(name)
        found += [
            (f"{name}.{constant}", getattr(module, constant))
            for constant in _ANNOTATED.findall(source)
        ]
    return found


STATEMENTS = constants()


def numbered(statement: str) -> str:
    """The statement with PostgreSQL's own parameters, `$1` for the first."""
    names: list[str] = []

    def number(found: re.Match[str]) -> str:
        name = found[1] or f"{len(names)}"
        if name not in names:
            names.append(name)
        return f"${names.index(name) + 1}"

    return _PARAMETER.sub(number, statement)


@pytest.mark.parametrize(
    "statement", [text for _, text in STATEMENTS], ids=[n for n, _ in STATEMENTS]
)
def test_a_statement_fits_the_schema(migrated: str, statement: str) -> None:
    """PostgreSQL prepares it as the application's role: tables, columns, types and rights fit."""
    with psycopg.connect(migrated) as connection:
        connection.execute("set local role readyctl_app")
        connection.execute(f"prepare given as {numbered(statement)}".encode())


def test_statements_were_found() -> None:
    """The list above is of more than a few."""
    assert len(STATEMENTS) > 80


@pytest.mark.parametrize("path", sorted((ROOT / "backend").rglob("*.py")), ids=str)
def test_sql_is_where_statements_are_looked_for(path: Path) -> None:
    """No statement hides in a string that is not a declared constant."""
    source = path.read_text(encoding="utf-8")
    for constant in _ANNOTATED.findall(source):
        source = source.replace(constant, "")
    hidden = re.findall(r"\.(?:row|rows|one|run|execute)\(\s*[frb]?[\"']", source)
    assert hidden == []


@pytest.mark.parametrize("path", MIGRATIONS, ids=[path.stem for path in MIGRATIONS])
def test_a_migration_parses(path: Path) -> None:
    """Each statement is PostgreSQL's grammar, and no extension is made that Aurora needs not."""
    text = path.read_text(encoding="utf-8")
    made = [
        raw.stmt.extname
        for raw in pglast.parse_sql(text)
        if isinstance(raw.stmt, pglast.ast.CreateExtensionStmt)
    ]
    assert set(made) <= {"btree_gist"}
