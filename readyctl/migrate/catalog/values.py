"""Brings options, settings and numbers of sequences into the form in which they are compared."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

from readyctl.model.json import Json

_BOOLEANS = {
    "autosummarize",
    "autovacuum_enabled",
    "deduplicate_items",
    "fastupdate",
    "security_barrier",
    "security_invoker",
    "user_catalog_table",
    "vacuum_truncate",
}
_FALSE_IS_DEFAULT = {"security_barrier", "security_invoker", "user_catalog_table"}
_TRUE = {"true", "on", "yes", "1", "t", "y"}
_FALSE = {"false", "off", "no", "0", "f", "n"}
_HIGHEST = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}


def options(prefix: str, entries: Iterable[str] | None) -> dict[str, Json]:
    """Return `name=value` entries as attributes; a boolean reads the same however it is spelled."""
    found: dict[str, Json] = {}
    for entry in entries or ():
        name, _, value = entry.partition("=")
        if name in _BOOLEANS:
            value = "true" if value.lower() in _TRUE else "false"
            if value == "false" and name in _FALSE_IS_DEFAULT:
                continue
        found[f"{prefix} {name}"] = value
    return found


def setting(entry: str) -> tuple[str, str]:
    """Return the name and the value of a setting; of one that an application made up, a digest.

    Applications keep secrets in settings of their own, such as `app.jwt_secret`.
    """
    name, _, value = entry.partition("=")
    if "." not in name:
        return name, value
    return name, f"sha256 {hashlib.sha256(value.encode()).hexdigest()[:16]}"


def sequence(row: Mapping[str, Any]) -> dict[str, Json]:
    """Return the options of a sequence that are not what CREATE SEQUENCE takes by itself."""
    highest = _HIGHEST.get(row["type"], _HIGHEST["bigint"])
    upwards = row["increment"] > 0
    lowest = 1 if upwards else -highest - 1
    most = highest if upwards else -1
    usual = {
        "increment": 1,
        "minimum": lowest,
        "maximum": most,
        "start": row["minimum"] if upwards else row["maximum"],
        "cache": 1,
        "cycle": False,
    }
    return {name: row[name] for name, value in usual.items() if row[name] != value}
