"""Reads access control lists, and says who may do what in words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from readyctl.model.json import Json

PREFIX = "grants to "
OWNER = "(owner)"
PUBLIC = "public"
GRANTABLE = " WITH GRANT OPTION"
_ITEM = re.compile(r'("(?:[^"]|"")*"|[^=]*)=([a-zA-Z*]*)/(.*)', re.DOTALL)
_WORDS = {
    "r": "SELECT",
    "a": "INSERT",
    "w": "UPDATE",
    "d": "DELETE",
    "D": "TRUNCATE",
    "x": "REFERENCES",
    "t": "TRIGGER",
    "m": "MAINTAIN",
    "X": "EXECUTE",
    "U": "USAGE",
    "C": "CREATE",
    "T": "TEMPORARY",
    "c": "CONNECT",
    "s": "SET",
    "A": "ALTER SYSTEM",
}
# What the owner of each kind has who took nothing from himself; MAINTAIN since 17.
WHOLE = {
    frozenset(_WORDS[letter] for letter in letters)
    for letters in ("rawdDxt", "rawdDxtm", "rwU", "UC", "X", "U", "CTc", "C")
}


def grants(items: Iterable[str], owner: str, names: Mapping[str, str]) -> dict[str, Json]:
    """Return an attribute for each role that an ACL names: what it may do.

    The owner is called so, and is left out where it has everything. `names` are what roles are
    called instead.
    """
    found: dict[str, Json] = {}
    for item in items:
        matched = _ITEM.fullmatch(item)
        if matched is None:
            continue
        grantee, grantor = _plain(matched[1]), _plain(matched[3])
        words = _privileges(matched[2])
        who = PUBLIC if not matched[1] else OWNER if grantee == owner else _called(grantee, names)
        by = "" if grantor == owner else f" by {_called(grantor, names)}"
        if who == OWNER and not by and frozenset(words) in WHOLE:
            continue
        found[f"{PREFIX}{who}{by}"] = words
    return found


def roles_of(items: Iterable[str]) -> set[str]:
    """Return the names of all roles that an ACL names."""
    matches = [matched for item in items if (matched := _ITEM.fullmatch(item))]
    return {_plain(name) for matched in matches for name in (matched[1], matched[3]) if name}


def _privileges(letters: str) -> list[str]:
    words: list[str] = []
    for letter in letters:
        if letter == "*":
            words[-1] += GRANTABLE
        else:
            words.append(_WORDS.get(letter, letter))
    return sorted(words)


def _called(name: str, names: Mapping[str, str]) -> str:
    return names.get(name, name)


def _plain(name: str) -> str:
    return name[1:-1].replace('""', '"') if name.startswith('"') else name
