"""Leaves out of a schema what is not to be compared, and lists it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from fnmatch import fnmatchcase

from readyctl.model.schema import Passed, Schema, SchemaObject

LEDGER = "readyctl.migrations"


def without(schema: Schema, patterns: Sequence[str], ledger: str = LEDGER) -> Schema:
    """Return a schema without readyctl's ledger, and without what a pattern names.

    A pattern is of a name (`public.tmp_*`) or of a kind and a name (`table public.tmp_*`). What is
    a part of something ignored is ignored with it.
    """
    reasons: dict[str, str] = {}
    for key, found in schema.objects.items():
        reason = _reason(found, patterns, ledger) or _inherited(found, reasons)
        if reason:
            reasons[key] = reason
    objects = {key: found for key, found in schema.objects.items() if key not in reasons}
    ignored = (
        Passed(key, reason)
        for key, reason in reasons.items()
        # Of a table that is ignored, its columns need no line of their own.
        if not any(parent in reasons for parent in schema.objects[key].parents)
    )
    return replace(schema, objects=objects, ignored=(*schema.ignored, *ignored))


def _reason(found: SchemaObject, patterns: Sequence[str], ledger: str) -> str:
    if found.key == f"table {ledger}":
        return "readyctl's ledger"
    if found.key == f"schema {ledger.partition('.')[0]}" and found.identity != "public":
        return "readyctl's ledger is in it"
    matched = (p for p in patterns if fnmatchcase(found.identity, p) or fnmatchcase(found.key, p))
    pattern = next(matched, None)
    return "" if pattern is None else f"--ignore {pattern}"


def _inherited(found: SchemaObject, reasons: dict[str, str]) -> str:
    # Of the parents the first holds it; the others are what it was made from.
    return reasons.get(found.parents[0], "") if found.parents else ""
