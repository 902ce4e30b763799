"""Saves facts and reads them back: the same facts are the same bytes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import msgspec

from readyctl.errors import ConfigError
from readyctl.gather.base import FactSpec
from readyctl.model.fact import FACTS_SCHEMA, Fact, FactSet, Provenance, Target, Unavailable
from readyctl.model.json import Json


@dataclass(frozen=True, slots=True)
class _Run:
    """What a facts file says of the run, beside its facts."""

    target: Target
    gathered_at: datetime
    tool_version: str
    commit: str
    requests: int


def dump(facts: FactSet) -> bytes:
    """Return `facts` as canonical JSON: sorted keys, UTF-8, a newline at the end."""
    data: dict[str, Any] = msgspec.to_builtins(facts)
    document = {"schema": FACTS_SCHEMA, "data": data}
    text = json.dumps(document, sort_keys=True, ensure_ascii=False, indent=1)
    return text.encode() + b"\n"


def digest(content: bytes) -> str:
    """Return the digest of saved facts, as reports show it."""
    return "sha256:" + hashlib.sha256(content).hexdigest()


def load(content: bytes, *, origin: str, specs: Sequence[FactSpec]) -> FactSet:
    """Return the facts that `dump` saved.

    Each value must have the shape that its fact declares.

    Raises:
        ConfigError: the content is not a facts file of this version.
    """
    try:
        document = json.loads(content)
    except (ValueError, RecursionError) as error:
        raise _malformed(origin, str(error)) from None
    if not isinstance(document, Mapping) or document.get("schema") != FACTS_SCHEMA:
        raise _malformed(origin, f"it does not say `schema: {FACTS_SCHEMA}`")
    try:
        data = document["data"]
        run = msgspec.convert(data, _Run)
        facts = {name: _fact(name, entry) for name, entry in data["facts"].items()}
        for spec in specs:
            fact = facts.get(spec.name)
            if isinstance(fact, Fact):
                msgspec.convert(fact.value, spec.shape)
    except (KeyError, TypeError, AttributeError, msgspec.ValidationError) as error:
        raise _malformed(origin, str(error)) from None
    return FactSet(
        target=run.target,
        gathered_at=run.gathered_at,
        facts=dict(sorted(facts.items())),
        tool_version=run.tool_version,
        commit=run.commit,
        requests=run.requests,
    )


def _fact(name: str, entry: Mapping[str, Json]) -> Fact | Unavailable:
    fact: Fact | Unavailable
    if "value" in entry:
        provenance = msgspec.convert(entry["provenance"], Provenance)
        fact = Fact(msgspec.convert(entry["name"], str), entry["value"], provenance)
    else:
        fact = msgspec.convert(entry, Unavailable)
    if fact.name != name:
        raise KeyError(f"the fact {name} calls itself {fact.name}")
    return fact


def _malformed(origin: str, cause: str) -> ConfigError:
    return ConfigError(
        "E0225",
        "this is not a facts file that can be audited",
        cause=cause.splitlines()[0] if cause else "",
        where=origin,
        hint="make one with `readyctl facts gather --out facts.json`",
    )
