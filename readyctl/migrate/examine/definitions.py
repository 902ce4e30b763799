"""What a statement defines, as far as another definition of the same name can be compared to it."""

from __future__ import annotations

from dataclasses import dataclass, field

from pglast import ast
from pglast.enums import ConstrType
from pglast.stream import RawStream

from readyctl.migrate.examine.nodes import Tree, is_a, words

_KEYS = {ConstrType.CONSTR_PRIMARY: "primary key", ConstrType.CONSTR_UNIQUE: "unique"}
_IGNORED = {
    *(ConstrType.CONSTR_DEFAULT, ConstrType.CONSTR_NULL, ConstrType.CONSTR_IDENTITY),
    *(ConstrType.CONSTR_ATTR_DEFERRABLE, ConstrType.CONSTR_ATTR_NOT_DEFERRABLE),
    *(ConstrType.CONSTR_ATTR_DEFERRED, ConstrType.CONSTR_ATTR_IMMEDIATE),
}


@dataclass(slots=True)
class Definition:
    """An object as the files make it; `place` is where.

    `known` is False where the columns come from elsewhere. `text` is what a definition that is no
    table says, in one layout. `on` is the table that an index, policy or trigger belongs to.
    """

    place: str
    columns: dict[str, str] = field(default_factory=dict)
    constraints: set[str] = field(default_factory=set)
    text: str = ""
    known: bool = True
    on: str = ""

    def missing(self, other: Definition) -> list[str]:
        """Return in words what another definition has, and this one has not."""
        if not (self.known and other.known):
            return []
        absent = [name for name in other.columns if name not in self.columns]
        found = [f"it has no column {', '.join(absent)}"] if absent else []
        found += [
            f"column {name} is {self.columns[name]}, not {kind}"
            for name, kind in other.columns.items()
            if self.columns.get(name, kind) != kind
        ]
        of_absent = tuple(f"{name}: " for name in absent)
        more = sorted(
            text for text in other.constraints - self.constraints if not text.startswith(of_absent)
        )
        found += [f"it has no {text.rpartition(': ')[2]}" for text in more if not absent]
        if self.text != other.text:
            found.append("it says something else")
        return found


def table(node: Tree, place: str) -> Definition:
    """Return what CREATE TABLE makes."""
    made = Definition(place, known=not (node.inhRelations or node.partbound or node.ofTypename))
    for element in node.tableElts or ():
        if is_a(element, ast.ColumnDef):
            add_column(made, element)
        elif is_a(element, ast.Constraint):
            made.constraints.add(constraint(element))
        else:
            made.known = False
    return made


def add_column(made: Definition, column: Tree) -> None:
    """Add a column with its constraints."""
    made.columns[str(column.colname)] = kind_of(column)
    for found in column.constraints or ():
        if found.contype not in _IGNORED:
            made.constraints.add(constraint(found, str(column.colname)))


def kind_of(column: Tree) -> str:
    """Return a column's type in one spelling."""
    written = RawStream()(column.typeName) if column.typeName is not None else ""
    return str(written).removeprefix("pg_catalog.")


def constraint(node: Tree, column: str = "") -> str:
    """Return a constraint in one spelling, whatever its name and wherever it is written."""
    if node.contype in _KEYS:
        names = words(node.keys) or (column,)
        return f"{_KEYS[node.contype]} ({', '.join(names)})"
    if node.contype == ConstrType.CONSTR_FOREIGN:
        names = words(node.fk_attrs) or (column,)
        target = ".".join(filter(None, (node.pktable.schemaname or "public", node.pktable.relname)))
        return f"foreign key ({', '.join(names)}) to {target}"
    if node.contype == ConstrType.CONSTR_NOTNULL:
        return f"{column}: not null on {column}"
    if node.contype == ConstrType.CONSTR_CHECK:
        return f"check ({RawStream()(node.raw_expr)})"
    return str(node.contype.name)


def said(node: Tree, *leave_out: str) -> str:
    """Return a statement in one layout, with some of its options left out."""
    kept = {name: getattr(node, name) for name in leave_out}
    for name, value in kept.items():
        setattr(node, name, False if isinstance(value, bool) else None)
    try:
        return str(RawStream()(node))
    except (NotImplementedError, TypeError, AttributeError, ValueError):
        # What pglast cannot write is compared as it is, with its place: never equal by mistake.
        return str(node(skip_none=True))
    finally:
        for name, value in kept.items():
            setattr(node, name, value)
