"""What a message of the server says is missing, where it is written, and what is nearest."""

from __future__ import annotations

import difflib
import re

from readyctl.migrate.examine.catalog import Catalog

_QUOTED = re.compile(r'(relation|column|type|schema|field|record "[^"]*" has no field) "([^"]+)"')
_COLUMN = re.compile(r"column ([\w.$]+) does not exist")
_ROUTINE = re.compile(r"(?:function|procedure) ([\w.$\"]+?)(?:\(| with )")
_ENUM = re.compile(r'invalid input value for enum \S+ "(.*)"\Z|enum \S+: "(.*)"\Z')
_OF = re.compile(r'of relation "([^"]+)"')


class Names:
    """The names that exist."""

    def __init__(self, catalog: Catalog) -> None:
        relations = [relation.label for relation in catalog.relations]
        routines = sorted({f"{r.schema}.{r.name}" for r in catalog.routines})
        columns = sorted({c.name for r in catalog.relations for c in r.columns})
        # What a message of the server begins with, and what it then misses.
        self._known = {
            "function": routines,
            "procedure": routines,
            "relation": relations,
            "type": [*catalog.types, *relations],
            "schema": [schema.name for schema in catalog.schemas],
            "column": columns,
            "record": columns,
        }
        self._by_relation: dict[str, list[str]] = {}
        for relation in catalog.relations:
            names = [column.name for column in relation.columns]
            self._by_relation.setdefault(relation.name, []).extend(names)

    def nearest(self, message: str) -> str:
        """Return the name that exists and is most like the one that is missing, or nothing."""
        name = missing(message)
        of = _OF.search(message)
        if name and of and message.startswith("column"):
            return _nearest(name, self._by_relation.get(of[1], []))
        known = next((k for word, k in self._known.items() if message.startswith(word)), [])
        return _nearest(name, known) if name else ""

    def line(self, text: str, first: int, message: str) -> int:
        """Return the line on which what is missing is written, else the first line of the text."""
        last = missing(message).rpartition(".")[2].strip('"')
        found = re.search(rf"(?<!\w){re.escape(last)}(?!\w)", text, re.IGNORECASE) if last else None
        return first + (text.count("\n", 0, found.start()) if found else 0)


def missing(message: str) -> str:
    """Return the name that a message of the server says does not exist, or nothing."""
    found = _ROUTINE.match(message) or _COLUMN.match(message)
    if found:
        return found[1].replace('"', "")
    enum = _ENUM.search(message)
    if enum:
        return enum[1] or enum[2] or ""
    quoted = _QUOTED.search(message)
    return quoted[2] if quoted else ""


def _nearest(name: str, known: list[str]) -> str:
    bare = {entry.rpartition(".")[2].strip('"'): entry for entry in reversed(known)}
    found = difflib.get_close_matches(name.rpartition(".")[2], list(bare), n=1, cutoff=0.6)
    return bare[found[0]] if found else ""
