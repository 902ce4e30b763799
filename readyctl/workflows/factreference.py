"""Reads from the gatherers what each fact declares, for the reference of facts."""

from __future__ import annotations

from collections.abc import Iterator
from types import NoneType, UnionType
from typing import Union, get_args, get_origin, get_type_hints, is_typeddict

from readyctl.gather.base import FactSpec
from readyctl.gather.runner import discover
from readyctl.report.factreference import FactEntry, Field, Shape, fact_reference

_WORDS = {str: "text", int: "integer", float: "number", bool: "boolean", NoneType: "null"}


def facts_document() -> str:
    """Return the text of docs/facts.md."""
    return fact_reference([_entry(spec) for spec in discover()])


def _entry(spec: FactSpec) -> FactEntry:
    return FactEntry(
        name=spec.name,
        doc=spec.doc,
        origin=spec.origin,
        calls=spec.calls,
        actions=spec.actions,
        value=_words(spec.shape),
        shapes=tuple(dict.fromkeys(_shapes(spec.shape))),
    )


def _shapes(kind: object) -> Iterator[Shape]:
    if not is_typeddict(kind):
        for part in get_args(kind):
            yield from _shapes(part)
        return
    hints = get_type_hints(kind)
    doc = (kind.__doc__ or "").strip()
    fields = tuple(Field(name, _words(hint)) for name, hint in hints.items())
    yield Shape(_name(kind), doc, fields)
    for hint in hints.values():
        yield from _shapes(hint)


def _words(kind: object) -> str:
    origin, parts = get_origin(kind), get_args(kind)
    if origin is list:
        return f"list of {_words(parts[0])}"
    if origin is dict:
        return f"mapping of {_words(parts[0])} to {_words(parts[1])}"
    if origin in (Union, UnionType):
        return " or ".join(_words(part) for part in parts)
    return _WORDS[kind] if isinstance(kind, type) and kind in _WORDS else _name(kind)


def _name(kind: object) -> str:
    return str(getattr(kind, "__name__", kind))
