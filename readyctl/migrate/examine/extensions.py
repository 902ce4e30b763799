"""Rule `extensions-available`: extensions that Aurora does not offer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from readyctl.migrate.aurora import EXTENSIONS
from readyctl.migrate.examine.catalog import Catalog
from readyctl.migrate.examine.examination import examination
from readyctl.migrate.examine.nodes import parsed
from readyctl.model.expectation import Examination
from readyctl.model.flaw import Flaw
from readyctl.model.migration import Migration
from readyctl.model.status import Severity

NAME = "extensions-available"


def examine_extensions(catalog: Catalog, migrations: Sequence[Migration]) -> Examination:
    """Return the extensions, installed here or made by the files, that Aurora has not."""
    made = list(_made(migrations))
    installed = {extension.name for extension in catalog.extensions}
    flaws = [_flaw(name, file, line) for name, file, line in made if name not in EXTENSIONS]
    flaws += [_flaw(name) for name in installed - EXTENSIONS - {name for name, _, _ in made}]
    return examination(NAME, "extensions", flaws, len(installed | {name for name, _, _ in made}))


def _made(migrations: Sequence[Migration]) -> Iterator[tuple[str, str, int]]:
    for migration in migrations:
        for statement in migration.statements:
            if statement.kind == "CreateExtensionStmt":
                name = str(getattr(parsed(statement.sql), "extname", ""))
                yield name, migration.file, statement.line


def _flaw(name: str, file: str = "", line: int = 0) -> Flaw:
    return Flaw(
        NAME,
        Severity.BLOCKER,
        f"Aurora PostgreSQL has no extension {name}",
        object=name,
        file=file,
        line=line,
        hint="`readyctl migrate convert` says what takes its place",
    )
