"""What a name in a PL/pgSQL body stands for while the probe of a routine is written."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from readyctl.migrate.examine.plpgsql.tree import (
    Assign,
    Block,
    Choice,
    Code,
    Dynamic,
    Fetch,
    Loop,
    Node,
    Sql,
)


@dataclass(slots=True)
class Known:
    """A variable: whether it is a record, and whether what it holds depends on the way there.

    Of a cursor, `query` is what it goes through, and `arguments` are its own.
    """

    record: bool = False
    loose: bool = False
    query: Code | None = None
    arguments: str = ""


class Scopes:
    """The variables of the blocks around a statement, the innermost last."""

    def __init__(self) -> None:
        self._scopes: list[dict[str, Known]] = [{}]

    def enter(self) -> None:
        """A block begins."""
        self._scopes.append({})

    def leave(self) -> None:
        """The innermost block ends."""
        self._scopes.pop()

    def add(self, name: str, known: Known) -> None:
        """A variable is declared in the innermost block."""
        self._scopes[-1][base(name)] = known

    def find(self, name: str) -> Known | None:
        """Return what a name stands for; None where no block declares it."""
        for scope in reversed(self._scopes):
            if base(name) in scope:
                return scope[base(name)]
        return None

    def record(self, targets: Sequence[str]) -> str:
        """Return the record that a whole row goes into, empty where it goes elsewhere."""
        if len(targets) != 1 or "." in targets[0]:
            return ""
        found = self.find(targets[0])
        return targets[0] if found and found.record else ""

    def loosen(self, names: Iterable[str]) -> None:
        """What these records hold can no longer be told."""
        for name in names:
            found = self.find(name)
            if found and found.record:
                found.loose = True

    def loose(self) -> frozenset[str]:
        """Return the records of which it cannot be told what they hold."""
        return frozenset(
            name for scope in self._scopes for name, known in scope.items() if known.loose
        )


def base(name: str) -> str:
    """Return the variable's name of `name.field` or `name[1]`, as the server folds it."""
    if name.startswith('"'):
        return name[1:].split('"', maxsplit=1)[0]
    return name.split(".", maxsplit=1)[0].split("[", maxsplit=1)[0].strip().lower()


def assigned(body: Iterable[Node]) -> set[str]:
    """Return the names that statements, or those inside of them, put something into."""
    found: set[str] = set()
    for node in body:
        if isinstance(node, (Sql, Dynamic, Fetch)):
            found.update(node.into)
        elif isinstance(node, Assign):
            found.add(node.target.text)
        elif isinstance(node, Loop):
            found.update(node.targets, assigned(node.body))
        elif isinstance(node, Choice):
            for _, branch in node.branches:
                found |= assigned(branch)
        elif isinstance(node, Block):
            found |= assigned(node.body)
            for handler in node.handlers:
                found |= assigned(handler.body)
    return found
