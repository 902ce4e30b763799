"""Finds out what a folder uses of what Supabase brings along, and what it makes by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from readyctl.migrate.convert.extensions import FUNCTIONS, ORDINARY
from readyctl.migrate.convert.names import CALLERS, MANAGED, PUBLICATION, ROLES
from readyctl.migrate.convert.prelude import known, pieces
from readyctl.migrate.convert.tokens import Token, code, deep, quoted, scan
from readyctl.migrate.convert.unit import Statement, Tree, Unit

Name = tuple[str, str]

_CREATES = {
    *("CreateStmt", "CreateFunctionStmt", "ViewStmt", "CreateEnumStmt", "CompositeTypeStmt"),
    *("CreateTableAsStmt", "CreateDomainStmt"),
}
_DYNAMIC = re.compile(
    rf"\b({'|'.join(MANAGED)})\"?\s*\.\s*\"?([A-Za-z_]\w*)"
    rf"|\b(?:to|from|role|for|by|user|,)\s+\"?({'|'.join(ROLES)})\b"
    rf"|\bschema\s+(?:if\s+not\s+exists\s+)?\"?({'|'.join(MANAGED)})\b",
    re.IGNORECASE,
)


@dataclass(slots=True)
class Survey:
    """What all files of a folder say together; `own` is what they make themselves."""

    parts: set[str] = field(default_factory=set)
    own: set[Name] = field(default_factory=set)
    made: set[Name] = field(default_factory=set)
    members: set[str] = field(default_factory=set)
    removed_servers: set[str] = field(default_factory=set)
    removed_wrappers: set[str] = field(default_factory=set)

    def has(self, schema: str, name: str) -> bool:
        """Return whether `schema.name` is there once the folder is applied."""
        return bool(known(schema, name)) or (schema, name) in self.made


def survey(units: list[Unit], parts: frozenset[str]) -> Survey:
    """Return what the folder uses; `parts` are those that its prelude had before."""
    found = Survey(set(parts))
    first: dict[Name, tuple[int, int]] = {}
    for number, unit in enumerate(units):
        for name, offset in _references(unit, found):
            first.setdefault(name, (number, offset))
    for number, unit in enumerate(units):
        for statement in unit.statements:
            if statement.kind in _CREATES:
                _created(number, statement, found, first)
    before = (part[4:].partition(".") for part in parts if part.startswith("own:"))
    found.own |= {(schema, name) for schema, _, name in before}
    found.parts |= {f"own:{schema}.{name}" for schema, name in found.own}
    for used in first:
        if used not in found.own:
            found.parts.add(known(*used) or f"schema:{used[0]}")
    return found


def references(tokens: list[Token]) -> Iterator[tuple[Name, Token]]:
    """Return what tokens name in a schema of Supabase, with the token of the schema."""
    plain = code(tokens)
    for at in range(len(plain) - 2):
        head, dot, tail = plain[at : at + 3]
        named = dot.text == "." and head.name in MANAGED and not (at and plain[at - 1].text == ".")
        if named and (tail.kind == "IDENT" or tail.text[:1].isalpha()):
            yield (head.name, tail.name), head


def _references(unit: Unit, found: Survey) -> Iterator[tuple[Name, int]]:
    listed: list[tuple[int, Name]] = []
    for depth, tokens in enumerate(deep(unit.tokens)):
        for name, token in references(tokens):
            listed.append((token.start, name))
            if name[0] == "extensions" and name[1] in FUNCTIONS:
                found.parts.add(FUNCTIONS[name[1]])
        _words(code(tokens), found)
        if depth or any(statement.kind == "CreateFunctionStmt" for statement in unit.statements):
            listed += _dynamic(tokens, found)
    yield from ((name, offset) for offset, name in sorted(listed))


def _words(tokens: list[Token], found: Survey) -> None:
    for at, token in enumerate(tokens):
        before = tokens[at - 1] if at else token
        after = tokens[at + 1].text if at + 1 < len(tokens) else ""
        if token.kind == "IDENT" and before.text != "." and after != ".":
            _word(token.name, after, before, found)
        elif token.kind == "SCONST" and token.text[1:-1] in CALLERS:
            found.parts.add(f"role:{token.text[1:-1]}")
        elif token.kind == "SCHEMA" and after:
            found.parts |= {f"schema:{name}" for name in _listed(tokens[at + 1 :])}
        elif token.kind == "EXTENSION" and before.kind == "CREATE":
            _extension(tokens[at + 1 : at + 5], found)


def _word(name: str, after: str, before: Token, found: Survey) -> None:
    if name in ROLES:
        found.parts.add(f"role:{name}")
    elif name == PUBLICATION:
        found.parts.add("publication")
    elif name in FUNCTIONS and after == "(" and name not in ORDINARY and before.text != "FUNCTION":
        found.parts.add(FUNCTIONS[name])
    elif name == "extensions" and before.text in ("=", ",", "TO", "to"):
        found.parts.add("schema:extensions")


def _listed(tokens: list[Token]) -> Iterator[str]:
    for token in tokens:
        if token.name in MANAGED:
            yield token.name
        elif token.text != "," and token.kind not in ("IF_P", "NOT", "EXISTS"):
            return


def _extension(tokens: list[Token], found: Survey) -> None:
    names = [token.name for token in tokens if token.kind not in ("IF_P", "NOT", "EXISTS")]
    piece = f"extension:{names[0]}" if names else ""
    if piece in pieces():
        found.parts.add(piece)


def _dynamic(tokens: list[Token], found: Survey) -> list[tuple[int, Name]]:
    """Return what strings within a body name: they may be SQL that is executed."""
    listed = []
    for token in tokens:
        inner, at = quoted(token)
        for match in _DYNAMIC.finditer(inner) if inner else ():
            if match[1]:
                listed.append((at + match.start(1), (match[1].lower(), match[2].lower())))
            elif match[3]:
                found.parts.add(f"role:{match[3].lower()}")
            else:
                found.parts.add(f"schema:{match[4].lower()}")
    return listed


def _created(
    number: int,
    statement: Statement,
    found: Survey,
    first: dict[Name, tuple[int, int]],
) -> None:
    name = created_name(statement.kind, statement.tree)
    if name is None or name[0] not in MANAGED:
        return
    found.made.add(name)
    where = first.get(name)
    stub = statement.kind == "CreateStmt" and statement.tree.get("if_not_exists")
    inside = where and where[0] == number and statement.start <= where[1] < statement.stop
    if inside and not stub:
        found.own.add(name)


def created_name(kind: str, tree: Tree) -> Name | None:
    """Return schema and name of what a statement makes; None where it says no schema."""
    relation = tree.get("relation") or tree.get("view") or tree.get("typevar")
    if kind == "CreateTableAsStmt":
        relation = tree["into"]["rel"]
    if relation:
        return (relation["schemaname"], relation["relname"]) if "schemaname" in relation else None
    names = strings(tree.get("funcname") or tree.get("typeName") or tree.get("domainname") or ())
    return (names[0], names[1]) if len(names) == 2 else None


def strings(items: object) -> list[str]:
    """Return the words of a list of names in a parse tree."""
    found = items.get("List", {}).get("items", ()) if isinstance(items, dict) else items
    listed = found if isinstance(found, list) else []
    return [item["String"].get("sval", "") for item in listed if "String" in item]


def bodies(tokens: list[Token]) -> Iterator[list[Token]]:
    """Return the tokens of every body, those of strings that look like code in it as well."""
    for depth, found in enumerate(deep(tokens)):
        yield found
        for token in found if depth else ():
            inner, at = quoted(token)
            if "(" in inner and "uuid" in inner:
                yield scan(inner, at)
