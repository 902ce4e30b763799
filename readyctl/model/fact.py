"""Facts: what was observed, where, when, by which calls; or why it could not be."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from readyctl.model.json import Json

FACTS_SCHEMA = "readyctl.facts/1"


class Reason(StrEnum):
    """Why a fact is unavailable."""

    DENIED = "denied"
    THROTTLED = "throttled"
    UNREACHABLE = "unreachable"
    UNSUPPORTED = "unsupported"
    UNPARSABLE = "unparsable"
    NOT_CONFIGURED = "notConfigured"
    FAILED = "failed"


@dataclass(frozen=True, slots=True)
class Provenance:
    """Where a fact comes from: the calls that were asked, of which account, and when (UTC)."""

    source: str
    account: str
    region: str
    observed_at: datetime


@dataclass(frozen=True, slots=True)
class Fact:
    """A named observation; `value` holds configuration, names, counts and times only."""

    name: str
    value: Json
    provenance: Provenance


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A fact that could not be gathered; never an empty list.

    `permission` is the missing IAM action (or database privilege) when `reason` is DENIED;
    `resolution` says what would make the fact available.
    """

    name: str
    reason: Reason
    message: str
    provenance: Provenance
    permission: str = ""
    resolution: str = ""


@dataclass(frozen=True, slots=True)
class Target:
    """What an audit looked at."""

    system: str
    environment: str
    account: str
    region: str


@dataclass(frozen=True, slots=True)
class FactSet:
    """Everything gathered in one run; `gathered_at` is the run's clock for every later stage."""

    target: Target
    gathered_at: datetime
    facts: Mapping[str, Fact | Unavailable]
    tool_version: str
    commit: str = ""
    requests: int = 0
