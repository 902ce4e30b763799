"""What is known of a database while the rows of its catalogs are joined."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from readyctl.migrate.catalog import values
from readyctl.migrate.catalog.grants import grants, roles_of
from readyctl.migrate.catalog.query import Query
from readyctl.model.json import Json
from readyctl.model.schema import Passed

Row: TypeAlias = "dict[str, Any]"
Address: TypeAlias = "tuple[str, int, int]"
MIGRATOR = "(migrator)"
# Names of columns that are no attributes.
_MEANING = {"oid", "sub", "kind", "identity", "parent", "parent_in", "namespace", "owner", "holder"}
_MEANING |= {"acl", "stems_from", "options", "toast_options", "foreign_options", "inherited"}
_NUMBERS = (int, float)


@dataclass(slots=True)
class Draft:
    """An object while it is put together; parents are addresses, or keys."""

    kind: str
    identity: str
    attributes: dict[str, Json]
    parents: list[Address | str]
    implied: bool = False


@dataclass(slots=True)
class Assembly:
    """What is known so far; rows of each query find what they hang on in the ones before."""

    migrator: str
    drafts: dict[Address, Draft] = field(default_factory=dict)
    left_out: set[Address] = field(default_factory=set)
    role_names: dict[int, str] = field(default_factory=dict)
    named: set[str] = field(default_factory=set)
    members: Counter[str] = field(default_factory=Counter)
    depends: dict[Address, list[str]] = field(default_factory=dict)
    temporary: set[int] = field(default_factory=set)
    inherits: dict[str, list[str]] = field(default_factory=dict)
    own_comments: dict[int, str | None] = field(default_factory=dict)
    memberships: list[tuple[str, str]] = field(default_factory=list)
    unchecked: list[Passed] = field(default_factory=list)
    version: int = 0
    database: str = ""
    counter: int = 0

    @property
    def names(self) -> Mapping[str, str]:
        """What roles are called that are not called by their name."""
        return {self.migrator: MIGRATOR} if self.migrator else {}

    def called(self, role: str) -> str:
        """Return what a role is called, and note that the database names it."""
        self.named.add(role)
        return MIGRATOR if role == self.migrator and role else role

    def fresh(self) -> Address:
        """Return an address of something that has no oid of its own."""
        self.counter += 1
        return "", self.counter, 0

    def add(self, address: Address, draft: Draft) -> None:
        """Keep an object."""
        self.drafts[address] = draft


def add_object(assembly: Assembly, query: Query, row: Row) -> Draft | None:
    """Keep what a row stands for; None where it is left out, or is a part of what is."""
    address: Address = (query.catalog, row["oid"], row.get("sub", 0))
    parents: list[Address | str] = []
    parent = row.get("parent")
    if parent:
        above: Address = (row.get("parent_in") or query.parent_in, parent, 0)
        if above not in assembly.drafts:
            assembly.left_out.add(address)
            return None
        parents.append(above)
    if address in assembly.left_out or row.get("namespace") in assembly.temporary:
        assembly.left_out.add(address)
        return None
    if row.get("stems_from"):
        parents.append((query.catalog, row["stems_from"], 0))
    attributes: dict[str, Json] = {
        name: value
        for name, value in row.items()
        # 0 is a value; no, nothing and none are what is not written down.
        if (value or type(value) in _NUMBERS) and name not in _MEANING
    }
    add_owner(assembly, row, attributes)
    _optional(row, attributes)
    if address in assembly.depends:
        attributes["depends_on_extension"] = sorted(assembly.depends[address])
    draft = Draft(row.get("kind") or query.kind, row["identity"], attributes, parents)
    assembly.add(address, draft)
    return draft


def add_owner(assembly: Assembly, row: Row, attributes: dict[str, Json]) -> None:
    """Add who owns something, and who may do what with it."""
    owner = row.get("owner")
    if owner:
        attributes["owner"] = assembly.called(assembly.role_names.get(owner, str(owner)))
    acl = row.get("acl")
    if acl:
        holder = assembly.role_names.get(row.get("holder") or owner or 0, "")
        assembly.named |= roles_of(acl)
        attributes.update(grants(acl, holder, assembly.names))


def _optional(row: Row, attributes: dict[str, Json]) -> None:
    if row.get("options"):
        attributes.update(values.options("option", row["options"]))
    if row.get("toast_options"):
        attributes.update(values.options("option", (f"toast.{o}" for o in row["toast_options"])))
    if row.get("foreign_options"):
        attributes.update(values.options("foreign option", row["foreign_options"]))
