"""What the functions declare is what the manifest says of them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

import pytest

from backend.runtime.declaration import Declaration
from readyctl.clients.yamlfile import load_yaml
from readyctl.resources import bundled
from tests.backend.test_imports import HANDLERS

MANIFEST: Any = load_yaml(bundled("backend", "manifest.yaml")).data
DECLARED = {function["name"]: function for function in MANIFEST["functions"]}


@pytest.mark.parametrize("module", HANDLERS)
def test_the_manifest_agrees(module: str) -> None:
    """Route, roles, secrets, limits and publicity are the same in the code and in the manifest."""
    declared: Declaration = import_module(module).handler.declaration
    function = DECLARED[declared.name]
    assert function["domain"] == module.split(".")[2]
    assert function["routes"] == [{"method": declared.method, "path": declared.path}]
    assert function.get("public", False) is declared.public
    assert set(function.get("roles", ())) == set(declared.roles)
    assert function.get("secrets", []) == list(declared.secrets)
    assert function.get("vendors", []) == list(declared.vendors)
    assert (function["timeout_seconds"], function["memory_mb"]) == (
        declared.timeout_seconds,
        declared.memory_mb,
    )
