"""The migration that comes before all others: what Supabase brings along, as far as it is used."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from readyctl.migrate.convert.names import CALLERS

FILE = "00000000000000_prelude.sql"
TITLE = "-- readyctl prelude: "
_PIECE = re.compile(r"^-- piece (\S+)(?: needs (.*))?\n", re.MULTILINE)
_FOLDER = Path(__file__).resolve().parent / "pieces"
_HEAD = """\
-- Made by `readyctl migrate convert`, for migrations that were written for Supabase. It holds what
-- they find made there, as far as they use it, and may be applied again. Do not edit it: convert
-- the folder again. docs/migrations-convert.md says what each part means.
"""


@dataclass(frozen=True, slots=True)
class Piece:
    """One part of the prelude, and the parts that come before it."""

    name: str
    needs: tuple[str, ...]
    text: str

    @property
    def schema(self) -> str:
        """The schema that it needs, empty where it needs none."""
        head, dot, _ = self.name.partition(".")
        return head if dot else "extensions" if self.name.startswith("extension:") else ""


@cache
def pieces() -> dict[str, Piece]:
    """Return every piece there is, by its name, in the order in which they are written."""
    found: dict[str, Piece] = {}
    for file in ("extensions", "auth", "storage", "realtime", "jobs", "secrets", "queues"):
        text = (_FOLDER / f"{file}.sql").read_text(encoding="utf-8")
        marks = list(_PIECE.finditer(text))
        for mark, after in zip(marks, [*marks[1:], None], strict=False):
            body = text[mark.end() : after.start() if after else len(text)].strip()
            found[mark[1]] = Piece(mark[1], tuple((mark[2] or "").split()), body)
    return found


def known(schema: str, name: str) -> str:
    """Return the piece that makes `schema.name`, empty where there is none."""
    full = f"{schema}.{name}"
    if full in pieces():
        return full
    return _ALSO.get(full, "")


_ALSO = {
    "pgmq.create_non_partitioned": "pgmq.create",
    "pgmq.create_unlogged": "pgmq.create",
    "auth.users_id_seq": "",
}


def written(wanted: Iterable[str]) -> str:
    """Return the prelude of parts: `role:NAME`, `schema:NAME` and pieces; empty where none is."""
    chosen = set(wanted)
    if not chosen:
        return ""
    own = {name[4:] for name in chosen if name.startswith("own:")}
    names = _whole({name for name in chosen if name in pieces()}) - own
    roles = {name[5:] for name in chosen if name.startswith("role:")}
    schemas = {name[7:] for name in chosen if name.startswith("schema:")}
    schemas |= {pieces()[name].schema for name in names} - {""}
    if schemas:
        roles |= set(CALLERS)
    parts = [f"{TITLE}{' '.join(sorted(chosen))}\n{_HEAD}"]
    parts += [_roles(roles)] if roles else []
    parts += [_schemas(schemas)] if schemas else []
    parts += [pieces()[name].text + "\n" for name in pieces() if name in names]
    return "\n".join(parts)


def listed(text: str) -> frozenset[str]:
    """Return the parts that a prelude says it is made of, nothing of any other text."""
    first, _, _ = text.partition("\n")
    return frozenset(first[len(TITLE) :].split()) if first.startswith(TITLE) else frozenset()


def _whole(names: set[str]) -> set[str]:
    found: set[str] = set()
    left = list(names)
    while left:
        name = left.pop()
        if name not in found:
            found.add(name)
            left += pieces()[name].needs
    return found


def _roles(roles: set[str]) -> str:
    made = "\n".join(
        f"  if not exists (select from pg_roles where rolname = '{role}') then"
        f" create role {role} nologin; end if;"
        for role in sorted(roles)
    )
    text = (
        "-- Roles that statements name. None of them can sign in: make your application's role a\n"
        "-- member of authenticated, or its policies let it see nothing.\n"
        f"do $$ begin\n{made}\nend $$;\n"
    )
    if "service_role" in roles:
        text += _SERVICE_ROLE
    if roles & set(CALLERS):
        text += _grants(sorted(roles & set(CALLERS)))
    return text


_SERVICE_ROLE = """\
-- Supabase lets it pass row-level security. On Aurora only a role that may do so can give that.
do $$ begin
  alter role service_role bypassrls;
exception when insufficient_privilege then
  raise warning 'service_role is subject to row-level security: give it policies of its own';
end $$;
"""


def _grants(callers: list[str]) -> str:
    to = ", ".join(callers)
    return (
        "-- As in Supabase: row-level security, not grants, keeps them apart in schema public.\n"
        f"grant usage on schema public to {to};\n"
        f"alter default privileges in schema public grant all on tables to {to};\n"
        f"alter default privileges in schema public grant all on sequences to {to};\n"
        f"alter default privileges in schema public grant all on functions to {to};\n"
    )


def _schemas(schemas: set[str]) -> str:
    made = "".join(f"create schema if not exists {schema};\n" for schema in sorted(schemas))
    open_to_all = sorted(schemas & {"auth", "storage", "realtime", "extensions", "graphql_public"})
    if open_to_all:
        made += f"grant usage on schema {', '.join(open_to_all)} to {', '.join(CALLERS)};\n"
    return made + (_SEARCH_PATH if "extensions" in schemas else "")


_SEARCH_PATH = """\
-- Names of extensions are found without their schema, here and in later sessions.
do $$ begin
  execute format('alter database %I set search_path = "$user", public, extensions',
                 current_database());
exception when insufficient_privilege then
  raise warning 'set search_path = "$user", public, extensions for the database, as its owner';
end $$;
select set_config('search_path', '"$user", public, extensions', false);
"""
