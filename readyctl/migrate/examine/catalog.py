"""What a database holds, read in one round trip: what the examinations look at."""

from __future__ import annotations

import msgspec

from readyctl.clients.database import DatabaseSession
from readyctl.migrate.examine.catalog_query import QUERY


class Argument(msgspec.Struct, frozen=True):
    """An argument of a routine; `mode` is i, o, b (both), v (variadic) or t (a table's column)."""

    mode: str
    name: str
    type: str


class Routine(msgspec.Struct, frozen=True):
    """A function or procedure; `name` is quoted, `signature` has schema and types of arguments.

    `config` are its settings as `name=value`; `executors` are roles that may call it, with
    `public` where everybody may.
    """

    oid: int
    schema: str
    name: str
    signature: str
    kind: str
    language: str
    body: str
    atomic: bool
    config: tuple[str, ...]
    definer: bool
    owner: str
    result: str
    returns_set: bool
    polymorphic: bool
    arguments: tuple[Argument, ...]
    executors: tuple[str, ...]

    def setting(self, name: str) -> str | None:
        """Return one of its settings, None where it has none of that name."""
        for entry in self.config:
            found, _, value = entry.partition("=")
            if found.lower() == name:
                return value
        return None


class Column(msgspec.Struct, frozen=True):
    """A column; `generated` has what makes its value: a, d (identity), s or v (generated)."""

    name: str
    type: str
    required: bool
    default: bool
    generated: str


class Relation(msgspec.Struct, frozen=True):
    """A table, view or other relation; `kind` as in pg_class. `label` is its quoted name.

    `readers` are roles beside the owner that may read it, `uses` what a view reads.
    """

    oid: int
    schema: str
    name: str
    label: str
    kind: str
    owner: str
    rls: bool
    forced: bool
    partition: bool
    options: tuple[str, ...]
    identity: str
    primary: bool
    columns: tuple[Column, ...]
    readers: tuple[str, ...]
    uses: tuple[int, ...]


class Trigger(msgspec.Struct, frozen=True):
    """A trigger of a user's; `bits` as in pg_trigger.tgtype."""

    table: int
    name: str
    function: int
    bits: int
    enabled: str
    new_table: str | None
    old_table: str | None

    @property
    def row(self) -> bool:
        """Whether it is for each row."""
        return bool(self.bits & 1)


class Policy(msgspec.Struct, frozen=True):
    """A row-level security policy; `roles` has `public` for everybody."""

    table: int
    name: str
    command: str
    permissive: bool
    roles: tuple[str, ...]
    using: str | None
    check: str | None


class Publication(msgspec.Struct, frozen=True):
    """A publication with the tables that it publishes."""

    name: str
    everything: bool
    changes: bool
    tables: tuple[int, ...]


class Extension(msgspec.Struct, frozen=True):
    """An installed extension."""

    name: str
    version: str


class Schema(msgspec.Struct, frozen=True):
    """A schema with the roles, beside its owner, that may create in it."""

    name: str
    owner: str
    creators: tuple[str, ...]


class Role(msgspec.Struct, frozen=True):
    """A role, and the roles that it is a member of, directly or not."""

    name: str
    superuser: bool
    bypasses: bool
    login: bool
    member_of: tuple[str, ...]


class Catalog(msgspec.Struct, frozen=True):
    """Everything of a database that is looked at; system schemas and extensions are left out."""

    path: str
    role: str
    version: int
    routines: tuple[Routine, ...]
    relations: tuple[Relation, ...]
    triggers: tuple[Trigger, ...]
    policies: tuple[Policy, ...]
    publications: tuple[Publication, ...]
    extensions: tuple[Extension, ...]
    schemas: tuple[Schema, ...]
    roles: tuple[Role, ...]
    types: tuple[str, ...]

    def tables(self) -> dict[int, Relation]:
        """Return the relations by their oid."""
        return {relation.oid: relation for relation in self.relations}


def read_catalog(session: DatabaseSession) -> Catalog:
    """Return what the database holds; names in it are qualified whatever the search_path is.

    Raises:
        Refused, SourceFailure, ConnectionLost: see `DatabaseSession.query`.
    """
    ((path,),) = session.query("select current_setting('search_path')")
    session.script("begin; set local search_path = ''")
    try:
        ((text,),) = session.query(QUERY)
    finally:
        session.script("rollback")
    found = msgspec.json.decode(text, type=dict[str, msgspec.Raw])
    found["path"] = msgspec.Raw(msgspec.json.encode(path))
    return msgspec.json.decode(msgspec.json.encode(found), type=Catalog)
