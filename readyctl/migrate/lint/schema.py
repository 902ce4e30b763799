"""What the schema is once the steps of a folder have run, and where each thing was made."""

from __future__ import annotations

from dataclasses import dataclass, field

from readyctl.migrate.lint.step import Dynamic, Step


@dataclass(slots=True)
class Column:
    """A column; `own` says that the server numbers it: serial, or identity."""

    type: str
    own: bool = False
    not_null: bool = False


@dataclass(slots=True)
class Index:
    """An index by its columns, the leading ones first; None stands for an expression."""

    name: str
    columns: tuple[str | None, ...]
    unique: bool = False
    partial: bool = False
    method: str = "btree"
    not_null_of: str = ""


@dataclass(slots=True)
class ForeignKey:
    """A foreign key, and the step that made it."""

    name: str
    columns: tuple[str, ...]
    target: str
    step: Step


@dataclass(slots=True)
class Policy:
    """A policy as it is last defined; `step` is what said so."""

    name: str
    command: str
    roles: tuple[str, ...]
    permissive: bool
    using: bool
    check: bool
    step: Step


@dataclass(slots=True)
class Table:
    """A table; `using` and `check` of its policies say whether they are plainly true.

    `whole` is False where the folder does not say which columns and indexes it has.
    """

    name: str
    made: Step
    whole: bool = True
    partition: str = ""
    columns: dict[str, Column] = field(default_factory=dict)
    indexes: list[Index] = field(default_factory=list)
    foreign_keys: list[ForeignKey] = field(default_factory=list)
    checked_not_null: set[str] = field(default_factory=set)
    secured: bool = False
    unsecured: Step | None = None
    policies: dict[str, Policy] = field(default_factory=dict)

    @property
    def keys(self) -> tuple[frozenset[str | None], ...]:
        """The sets of columns whose values are unique."""
        return tuple(frozenset(i.columns) for i in self.indexes if i.unique and not i.partial)


@dataclass(slots=True)
class Routine:
    """A function or procedure as it is last defined."""

    name: str
    definer: bool
    path: bool
    step: Step


@dataclass(slots=True)
class View:
    """A view; `lost` is the step that replaced one with security_invoker by one without."""

    name: str
    invoker: bool
    reads: frozenset[str]
    step: Step
    lost: Step | None = None


@dataclass(slots=True)
class Schema:
    """Everything by its name, with its schema.

    `elsewhere` are tables that no file makes, as far as files give them policies.
    """

    tables: dict[str, Table] = field(default_factory=dict)
    elsewhere: dict[str, Table] = field(default_factory=dict)
    routines: dict[str, Routine] = field(default_factory=dict)
    views: dict[str, View] = field(default_factory=dict)
    dynamic: list[Dynamic] = field(default_factory=list)

    def existing(self, name: str, step: Step) -> bool:
        """Return whether a table is there before the file of a step runs.

        One that no file of the folder makes was there before all of them.
        """
        table = self.tables.get(name)
        return table is None or table.made.order < step.order
