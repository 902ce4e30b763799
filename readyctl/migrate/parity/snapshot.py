"""Writes a schema to a file that is kept beside the migrations, and reads it back."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from readyctl.clients.files import read_bytes, sha256
from readyctl.errors import MigrateError
from readyctl.model.expectation import Examination, Expectation
from readyctl.model.json import Json
from readyctl.model.migration import Migration
from readyctl.model.schema import Passed, Schema, SchemaObject

FORMAT = "readyctl.schema/1"
NOT_RECORDED = "(not recorded)"
# Kinds of more than one word; any other kind ends at the first space of a key.
KINDS: tuple[str, ...] = (
    "materialized view",
    "foreign table",
    "domain constraint",
    "event trigger",
    "row type",
)
KINDS += ("user mapping", "publication table", "publication schema", "operator class")
KINDS += ("operator family", "access method", "foreign-data wrapper", "default privileges")
KINDS += ("built-in grants", "cluster setting", "window function", "text search configuration")
KINDS += ("text search dictionary", "text search parser", "text search template")
_RELATIONS = ("table", "view", "materialized view", "foreign table")
_DIGEST = "sha256 "
_SECRET = re.compile(r"secret|passw|key|token|credential", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Snapshot:
    """A schema, and what it was made of: nothing where it is a database's own.

    `migrations` are digests that comments and layout do not change, `contents` those of the bytes.
    """

    schema: Schema
    migrations: Mapping[str, str]
    examined: tuple[Examination, ...] = ()
    contents: Mapping[str, str] = field(default_factory=dict)


def digests(migrations: Sequence[Migration]) -> dict[str, str]:
    """Return what tells whether a migration is the same: comments and layout do not change it."""
    return {migration.file: migration.tokens_sha256 for migration in migrations}


def digest(body: str) -> str:
    """Return what stands for the body of a routine in a snapshot."""
    return f"{_DIGEST}{hashlib.sha256(body.encode()).hexdigest()[:32]}"


def same_body(one: Json, other: Json) -> bool:
    """Return whether two bodies are the same, of which one may be a digest."""
    if not isinstance(one, str) or not isinstance(other, str):
        return False
    return one == digest(other) or digest(one) == other


def dump(
    schema: Schema,
    migrations: Sequence[Migration] = (),
    examined: Sequence[Examination] = (),
) -> str:
    """Return a schema, and what made it, as canonical JSON, a line for each object.

    It holds no body of a routine but its digest, and nothing of what may be a password.
    """
    relations = _relations(schema.objects)
    lines = [
        f"{json.dumps(key)}:{_line(_recorded(found, relations))}"
        for key, found in sorted(schema.objects.items())
    ]
    head = {
        "format": FORMAT,
        "server_version": schema.server_version,
        "database": schema.database,
        "migrator": schema.migrator,
        "migrations": digests(migrations),
        "contents": {migration.file: migration.sha256 for migration in migrations},
        "bystanders": sorted(schema.bystanders),
        "unchecked": [[entry.what, entry.reason] for entry in schema.unchecked],
        "examined": msgspec.to_builtins(tuple(examined)),
    }
    text = json.dumps(head, indent=1, sort_keys=True, ensure_ascii=False)
    return text.removesuffix("\n}") + ',\n "objects": {\n' + ",\n".join(lines) + "\n}}\n"


def load(path: Path) -> Snapshot:
    """Return a snapshot.

    Raises:
        ConfigError: the file cannot be read.
        MigrateError: E0462, it is no snapshot of this format.
    """
    try:
        document = json.loads(read_bytes(path))
        if document["format"] != FORMAT:
            raise _malformed(path, f"its format is {document['format']!r}")
        relations = _relations(document["objects"])
        objects = {key: _read(key, e, relations) for key, e in document["objects"].items()}
        schema = Schema(
            int(document["server_version"]),
            str(document["database"]),
            objects,
            str(document["migrator"]),
            frozenset(document["bystanders"]),
            tuple(Passed(what, reason) for what, reason in document["unchecked"]),
        )
        examined = msgspec.convert(document["examined"], tuple[Examination, ...])
        contents = dict(document["contents"])
        return Snapshot(schema, dict(document["migrations"]), examined, contents)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise _malformed(path, type(error).__name__) from None


def expectation(snapshot: Snapshot, source: str) -> Expectation:
    """Return what a snapshot says of the migrations that it was made of."""
    return Expectation(snapshot.schema, source, snapshot.examined)


def holds(snapshot: Snapshot, folder: Path) -> bool:
    """Return whether a folder has just the files that a snapshot was made of, byte for byte."""
    there = {path.name: sha256(read_bytes(path)) for path in folder.glob("*.sql")}
    return bool(there) and there == snapshot.contents


def stale(snapshot: Snapshot, migrations: Sequence[Migration]) -> bool:
    """Return whether a snapshot was made of other migrations; one of a database never was."""
    return bool(snapshot.migrations) and digests(migrations) != snapshot.migrations


def refuse_stale(snapshot: Snapshot, migrations: Sequence[Migration], path: Path) -> None:
    """Stop where the migrations are not those that a snapshot was made of.

    Raises:
        MigrateError: E0463, names the first file.
    """
    now = digests(migrations)
    if not stale(snapshot, migrations):
        return
    changed = [f for f in now if now[f] != snapshot.migrations.get(f)]
    changed += [file for file in snapshot.migrations if file not in now]
    more = f", and {len(changed) - 1} more" if len(changed) > 1 else ""
    raise MigrateError(
        "E0463",
        "the snapshot is stale",
        cause=f"it was made before {changed[0]} was written or changed{more}",
        where=str(path),
        hint=f"readyctl migrate verify --write-snapshot {path}",
    )


def _line(entry: Json) -> str:
    return json.dumps(entry, sort_keys=True, ensure_ascii=False, separators=(",", ":"))


def _relations(keys: Iterable[str]) -> dict[str, str]:
    """Return the key of each relation by its name, to find out what columns are part of."""
    found = ((key, kind) for key in keys for kind in _RELATIONS if key.startswith(f"{kind} "))
    return {key[len(kind) + 1 :]: key for key, kind in found}


def _held_by(kind: str, identity: str, relations: Mapping[str, str]) -> tuple[str, ...]:
    """Return the parent that a name gives away, so that it need not be recorded."""
    name = identity.rpartition("." if kind == "column" else " on ")
    key = relations.get(name[0] if kind == "column" else name[2])
    return (key,) if key else ()


def _recorded(found: SchemaObject, relations: Mapping[str, str]) -> Json:
    attributes = {name: _safe(found, name, value) for name, value in found.attributes.items()}
    entry: dict[str, Json] = {**attributes}
    if found.parents != _held_by(found.kind, found.identity, relations):
        entry["in"] = list(found.parents)
    if found.implied:
        entry["implied"] = True
    return entry


def _safe(found: SchemaObject, name: str, value: Json) -> Json:
    if name == "body" and isinstance(value, str):
        return digest(value)
    of_mapping = found.kind == "user mapping" and name.startswith("foreign option")
    of_setting = str(value).startswith(_DIGEST) and _SECRET.search(found.identity)
    return NOT_RECORDED if of_mapping or of_setting else value


def _read(key: str, entry: dict[str, Json], relations: Mapping[str, str]) -> SchemaObject:
    kind = next((k for k in KINDS if key.startswith(f"{k} ")), key.partition(" ")[0])
    identity = key[len(kind) + 1 :]
    parents = entry.pop("in", None)
    implied = bool(entry.pop("implied", None))
    held = tuple(map(str, parents)) if isinstance(parents, list) else None
    held = _held_by(kind, identity, relations) if held is None else held
    return SchemaObject(kind, identity, entry, held, implied)


def _malformed(path: Path, cause: str) -> MigrateError:
    return MigrateError(
        "E0462",
        "this is no snapshot of a schema",
        cause=cause,
        where=str(path),
        hint="readyctl migrate verify --write-snapshot FILE writes one",
    )
