"""Tells what two servers of different versions write differently from what is different."""

from __future__ import annotations

from dataclasses import dataclass

from readyctl.migrate.catalog.grants import OWNER, PREFIX, WHOLE
from readyctl.migrate.parity.definitions import same_definition
from readyctl.model.json import Json
from readyctl.model.schema import SchemaObject

# Attributes that servers know from a version on.
_SINCE = {
    "not_null_constraint": 18,
    "generated_columns": 18,
    "inherit": 16,
    "set": 16,
    "of_creation": 16,
    "origin": 16,
    "no_password_required": 16,
    "run_as_owner": 16,
    "failover": 17,
}
# Attributes that are SQL, which a server writes anew each time.
_SQL = {"definition", "default", "using", "check", "rows"}
_MAINTAIN = "MAINTAIN"
_MAINTAIN_SINCE = 17


@dataclass(frozen=True, slots=True)
class Versions:
    """The versions of both servers, such as 180001."""

    expected: int
    live: int

    @property
    def older(self) -> int:
        """The major version of the older one."""
        return min(self.expected, self.live) // 10_000

    @property
    def differ(self) -> bool:
        """Whether they are of different major versions."""
        return self.expected // 10_000 != self.live // 10_000

    def same(self, one: SchemaObject, other: SchemaObject, name: str) -> bool:
        """Return whether an attribute says the same of both objects, however it is written."""
        expected, live = one.attributes.get(name), other.attributes.get(name)
        if name.startswith(PREFIX) and self.older < _MAINTAIN_SINCE:
            return _without_maintain(name, expected) == _without_maintain(name, live)
        if self.older < _SINCE.get(name, 0) and one.kind != "statistics":
            return True
        if name in _SQL:
            return same_definition(expected, live)
        if one.kind != "extension" or not self.differ:
            return False
        newest = one.attributes.get("newest") and other.attributes.get("newest")
        return name == "version" and bool(newest)


def _without_maintain(name: str, words: Json) -> Json:
    if not isinstance(words, list):
        return None
    kept = [word for word in words if not str(word).startswith(_MAINTAIN)]
    whole = name == f"{PREFIX}{OWNER}" and frozenset(kept) in WHOLE
    return None if whole or not kept else kept
