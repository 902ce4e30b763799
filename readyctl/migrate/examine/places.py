"""Where in the files a routine was last defined."""

from __future__ import annotations

from collections.abc import Sequence

from readyctl.migrate.examine.catalog import Routine
from readyctl.migrate.examine.nodes import parsed, words
from readyctl.model.migration import Migration, Statement


class Places:
    """The definitions of routines in migrations, the last of each."""

    def __init__(self, migrations: Sequence[Migration]) -> None:
        self._found: dict[tuple[str, str], list[tuple[Migration, Statement]]] = {}
        for migration in migrations:
            for statement in migration.statements:
                if statement.kind == "CreateFunctionStmt":
                    self._add(migration, statement)

    def of(self, routine: Routine, line: int) -> tuple[str, int]:
        """Return the file, and the line in it of a line of the routine's body; nothing unknown."""
        found = self._found.get((routine.schema, routine.name)) or self._found.get(
            ("", routine.name), []
        )
        for migration, statement in reversed(found):
            begin = _body(migration, statement, routine.body)
            if begin >= 0:
                first = migration.text.count("\n", 0, begin) + 1
                return migration.file, first + max(line, 1) - 1
        if not found:
            return "", 0
        migration, statement = found[-1]
        return migration.file, statement.line

    def _add(self, migration: Migration, statement: Statement) -> None:
        tree = parsed(statement.sql)
        *schema, name = words(tree.funcname)
        for key in {(schema[0] if schema else "", name), ("", name)}:
            self._found.setdefault(key, []).append((migration, statement))


def _body(migration: Migration, statement: Statement, body: str) -> int:
    end = statement.start + len(statement.sql)
    return migration.text.find(body, statement.start, end) if body.strip() else -1
