"""A folder that is converted, and a database that it is applied to."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from readyctl.local.state import LocalState
from readyctl.migrate.convert.engine import convert
from readyctl.model.conversion import Conversion, Note
from tests import databases
from tests.migrate.conftest import Target


@dataclass
class Project:
    """A Supabase folder, and the folder of its conversion."""

    source: Path
    out: Path

    def write(self, *texts: str, names: tuple[str, ...] = ()) -> None:
        """Write files in order; bytes as they are."""
        for number, text in enumerate(texts, start=1):
            name = names[number - 1] if names else f"2024010100000{number}_x.sql"
            (self.source / name).write_bytes(text.encode())

    def convert(self) -> Conversion:
        """Convert it, and write the result."""
        found = convert(self.source)
        for file in found.files:
            (self.out / file.target).write_bytes(file.content)
        return found

    def text_of_source(self) -> dict[str, bytes]:
        """Every file as it was written."""
        return {path.name: path.read_bytes() for path in self.source.iterdir()}

    def text(self, number: int = 1) -> str:
        """A file after its conversion."""
        return (self.out / f"2024010100000{number}_x.sql").read_bytes().decode()


@pytest.fixture
def project(tmp_path: Path) -> Project:
    """An empty project."""
    source, out = tmp_path / "source", tmp_path / "out"
    source.mkdir()
    out.mkdir()
    return Project(source, out)


@pytest.fixture
def applied(project: Project, local_empty: LocalState) -> Iterator[Callable[..., Target]]:
    """Converts texts, applies them to an empty database, and returns that."""
    with databases.database(local_empty) as dsn:

        def run(*texts: str) -> Target:
            project.write(*texts)
            found = project.convert()
            assert found.refusals == ()
            target = Target(project.out, dsn)
            target.apply()
            return target

        yield run


def noted(found: Conversion, construct: str) -> Note:
    """The one note about a construct."""
    (note,) = [note for note in found.notes if note.construct == construct]
    return note
