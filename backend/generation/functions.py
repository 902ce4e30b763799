"""Finds every function of the backend, and what its file says of it."""

from __future__ import annotations

from dataclasses import dataclass
from importlib import import_module
from pathlib import Path

from backend.runtime.endpoint import Endpoint

ROOT = Path(__file__).resolve().parents[1]


@dataclass(frozen=True, slots=True)
class Written:
    """A function that is written: its domain, what it is for, and its handler."""

    domain: str
    purpose: str
    endpoint: Endpoint


def written() -> list[Written]:
    """Return the functions in the order of their domains and names."""
    paths = sorted((ROOT / "functions").glob("*/[a-z]*.py"))
    return [_written(path) for path in paths]


def _written(path: Path) -> Written:
    domain = path.parent.name
    module = import_module(f"backend.functions.{domain}.{path.stem}")
    name, _, purpose = (module.__doc__ or "").strip().partition(": ")
    found: Endpoint = module.handler
    if not name == found.declaration.name == path.stem.replace("_", "-"):
        raise ValueError(f"{path.name}: docstring, declaration and file have different names")
    return Written(domain, purpose[:1].upper() + purpose[1:], found)
