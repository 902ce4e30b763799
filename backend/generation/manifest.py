"""Writes the manifest: the system, the functions that are written, and those that are planned."""

from __future__ import annotations

from typing import Any

import yaml

from backend.generation.functions import ROOT, Written, written
from backend.runtime.declaration import EVERYBODY

FILE = ROOT / "manifest.yaml"
_HEAD = """\
# What the telehealth backend is made of: everything a deployment builds and an audit compares.
# Made by `python -m backend manifest` of system.yaml, the functions' declarations and planned.yaml.
# Its format: docs/manifest.md. Its rules: schemas/manifest-1.schema.json.
"""
_KEPT_DAYS = 365


def text() -> str:
    """Return the manifest.

    Raises:
        ValueError: a function is written and planned at once.
    """
    system = _read("system.yaml")
    planned = _read("planned.yaml")["functions"] or []
    found = [_entry(function) for function in written()]
    twice = {entry["name"] for entry in found} & {entry["name"] for entry in planned}
    if twice:
        raise ValueError(f"written, and still in planned.yaml: {', '.join(sorted(twice))}")
    functions = sorted([*found, *planned], key=lambda entry: (entry["domain"], entry["name"]))
    shown = [_HEAD, _yaml(system), "\nfunctions:\n"]
    shown += [
        "\n".join("  " + line for line in _yaml([entry]).splitlines()) + "\n\n"
        for entry in functions
    ]
    return "".join(shown).rstrip("\n") + "\n"


def _read(name: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((ROOT / name).read_text(encoding="utf-8"))
    return found


def _yaml(value: object) -> str:
    return yaml.safe_dump(
        value, sort_keys=False, default_flow_style=None, width=110, allow_unicode=True
    )


def _entry(function: Written) -> dict[str, Any]:
    declared = function.endpoint.declaration
    route = declared.route
    events = [{"name": event.name, "source": event.source} for event in declared.events]
    given: dict[str, Any] = {
        "name": declared.name,
        "domain": function.domain,
        "purpose": function.purpose,
        "routes": [{"method": route.method, "path": route.path}] if route else [],
        "events": events,
        "schedules": list(declared.schedules),
        "public": declared.public,
        # Always in one order, so that a difference is one.
        "roles": [role for role in EVERYBODY if role in declared.roles],
        "scope": declared.scope,
        "secrets": list(declared.secrets),
        "parameters": list(declared.parameters),
        "vendors": list(declared.vendors),
        "services": list(declared.services),
        "timeout_seconds": declared.timeout_seconds,
        "memory_mb": declared.memory_mb,
        "alarms": ["errors", "throttles", *(["latency"] if route else [])],
        "log_retention_days": _KEPT_DAYS,
    }
    return {name: value for name, value in given.items() if value}
