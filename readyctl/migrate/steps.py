"""What one statement does to names, in order: it needs, makes, drops, or looks elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import Any

from readyctl.migrate.things import TEMPORARY, Kind

Tree = dict[str, Any]

_SERIAL = {"serial", "serial4", "bigserial", "serial8", "smallserial", "serial2"}
_SEQUENCE_CALLS = {"nextval", "setval", "currval"}
_NAME = re.compile(r'(?:(?P<schema>\w+|"[^"]+")\.)?(?P<name>\w+|"[^"]+")')


class Verb(Enum):
    """What a step does. UNLESS ends the statement where the thing is there already.

    RENAME gives a schema another name; it has the old one as `schema`.
    BODIES says, by its name `on` or `off`, whether functions are looked into when they are made.
    """

    NEED = auto()
    MAKE = auto()
    DROP = auto()
    RENAME = auto()
    UNLESS = auto()
    PATH = auto()
    BODIES = auto()


@dataclass(frozen=True, slots=True)
class Step:
    """One of the things that a statement does.

    `schema` is empty where none is written: the search path decides, which is `path` where the
    statement has its own. Of a PATH step `path` is the new one, None the default. `body` is true
    where a function's body is what needs it.
    """

    verb: Verb
    kind: Kind = Kind.TABLE
    schema: str = ""
    name: str = ""
    line: int = 0
    path: tuple[str, ...] | None = None
    body: bool = False


@dataclass(slots=True)
class Reader:
    """Collects the steps of one text; `line` is where the text begins.

    Where it is not `sure` that the statement runs, as in a branch of a DO block, it needs nothing.
    """

    text: str
    line: int
    path: tuple[str, ...] | None = None
    sure: bool = True
    body: bool = False
    found: list[Step] = field(default_factory=list)
    _local: set[str] = field(default_factory=set)

    def within(self, text: str, *, sure: bool = True) -> Reader:
        """Return a reader of a text that stands inside of this one, which adds to its steps."""
        at = self.text.find(text)
        line = self.line + self.text.count("\n", 0, at) if at >= 0 else self.line
        return Reader(text, line, self.path, self.sure and sure, self.body, self.found)

    def step(
        self, verb: Verb, kind: Kind, name: Sequence[str], location: int | None = None
    ) -> None:
        """Add a step; `name` has one part, or the schema before it; `location` counts bytes."""
        if verb is Verb.NEED and not self.sure:
            return
        schema = name[-2] if len(name) > 1 else ""
        line = self._line(location)
        self.found.append(Step(verb, kind, schema, name[-1], line, self.path, self.body))

    def need(self, kind: Kind, name: Sequence[str], location: int | None = None) -> None:
        """Add that something must be there."""
        if name:
            self.step(Verb.NEED, kind, name, location)

    def make(self, kind: Kind, name: Sequence[str]) -> None:
        """Add that something is there from now on; its schema must be."""
        if len(name) > 1 and name[-2] != TEMPORARY:
            self.need(Kind.SCHEMA, name[-2:-1])
        self.step(Verb.MAKE, kind, name)

    def make_relation(self, relation: Tree) -> tuple[str, ...]:
        """Add that a table or view is there from now on; return its name."""
        name = relation_name(relation)
        if relation.get("relpersistence") == "t":
            name = (TEMPORARY, name[-1])
        self.make(Kind.TABLE, name)
        return name

    def local(self, names: Iterable[str]) -> None:
        """Take names for what the statement itself defines: WITH."""
        self._local |= set(names)

    def walk(self, node: Any) -> None:
        """Add whatever a part of a parse tree needs."""
        if isinstance(node, list):
            for part in node:
                self.walk(part)
        elif isinstance(node, dict) and not self._leaf(node):
            for key, value in node.items():
                if key == "intoClause":
                    self.make_relation(value["rel"])
                elif key != "lockedRels" and isinstance(value, dict | list):
                    self.walk(value)

    def _leaf(self, node: Tree) -> bool:
        """Whether a node names something, and has nothing more below it."""
        if "relname" in node:
            name = relation_name(node)
            if len(name) > 1 or name[0] not in self._local:
                self.need(Kind.TABLE, name, node.get("location"))
            return True
        if "typemod" in node:
            self.need_type(node)
            return True
        if "roletype" in node:
            if node["roletype"] == "ROLESPEC_CSTRING":
                self.need(Kind.ROLE, (node["rolename"],), node.get("location"))
            return True
        if isinstance(node.get("funcname"), list):
            self._call(node)
        return False

    def need_type(self, node: Tree) -> None:
        """Add that a type must be there; `table.column%TYPE` needs the table."""
        name = strings(node.get("names", ()))
        if node.get("pct_type"):
            self.need(Kind.TABLE, name[:-1], node.get("location"))
        elif name:
            self.need(Kind.TYPE, name, node.get("location"))

    def _call(self, node: Tree) -> None:
        name = strings(node["funcname"])
        self.need(Kind.FUNCTION, name, node.get("location"))
        if name[-1] in _SEQUENCE_CALLS and node.get("args"):
            found = _NAME.fullmatch(constant(node["args"][0]))
            if found:
                parts = [part.strip('"') for part in found.groups() if part]
                self.need(Kind.TABLE, parts, node.get("location"))

    def _line(self, location: int | None) -> int:
        if not location or location < 0:
            return self.line
        return self.line + self.text.encode()[:location].count(b"\n")


def relation_name(relation: Tree) -> tuple[str, ...]:
    """Return the name of a RangeVar, with its schema where it has one."""
    schema = relation.get("schemaname")
    return (schema, relation["relname"]) if schema else (relation["relname"],)


def strings(nodes: Iterable[Tree]) -> tuple[str, ...]:
    """Return the texts of String nodes, the name of a database before a schema left out."""
    return tuple(node["String"]["sval"] for node in nodes if "String" in node)


def options(nodes: Iterable[Tree]) -> dict[str, Any]:
    """Return the arguments of DefElem nodes by their names."""
    return {node["DefElem"]["defname"]: node["DefElem"].get("arg", {}) for node in nodes}


def sequences(table: tuple[str, ...], columns: Iterable[Tree]) -> Iterator[tuple[str, ...]]:
    """Yield the names of the sequences that PostgreSQL makes for serial and identity columns."""
    for element in columns:
        column = element.get("ColumnDef", {})
        kind = strings(column.get("typeName", {}).get("names", ()))
        identity = any(
            constraint["Constraint"]["contype"] == "CONSTR_IDENTITY"
            for constraint in column.get("constraints", ())
        )
        if identity or (kind and kind[-1] in _SERIAL):
            yield (*table[:-1], f"{table[-1]}_{column['colname']}_seq")


def constant(node: Tree) -> str:
    """Return a text that is written as it is, with or without a cast; empty for anything else."""
    node = node.get("TypeCast", {}).get("arg", node)
    value: str = node.get("A_Const", {}).get("sval", {}).get("sval", "")
    return value
