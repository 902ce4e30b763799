"""What readyctl reads of the backend is what its functions declare."""

from __future__ import annotations

import pytest

from backend.__main__ import main
from backend.generation import manifest, openapi
from backend.generation.functions import written
from readyctl.clients.manifest import load_manifest
from tests.backend.agreed import AGREED


@pytest.mark.parametrize("what", ["manifest", "openapi"])
def test_the_committed_file_is_fresh(what: str) -> None:
    """`make docs` was run after a declaration or a type was changed."""
    assert main([what, "--check"]) == 0


def test_a_stale_file_is_said_so(
    tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file that is not what would be written fails the check."""
    old = tmp_path_factory.mktemp("old") / "openapi.json"
    old.write_text("{}")
    monkeypatch.setattr(openapi, "FILE", old)
    assert main(["openapi", "--check"]) == 1


def test_the_manifest_has_every_function_once() -> None:
    """112 functions, each of them either written or planned."""
    loaded = load_manifest(manifest.FILE)
    assert len({function.name for function in loaded.functions}) == 112


def test_each_type_has_one_name() -> None:
    """Two types of one name would hide each other in the API's description."""
    document = openapi.document(written())
    assert [name for name in document["components"]["schemas"] if "." in name] == []


def test_each_operation_has_one_id() -> None:
    """Generated clients name their methods by it."""
    paths = openapi.document(written())["paths"].values()
    ids = [operation["operationId"] for path in paths for operation in path.values()]
    assert len(ids) == len(set(ids))


def test_every_variable_of_a_path_is_a_parameter() -> None:
    """The plain function takes what its path names, and nothing else that nobody would give."""
    for function in written():
        route = function.endpoint.declaration.route
        named = (
            {part[1:-1] for part in route.path.split("/") if part[:1] == "{"} if route else set()
        )
        assert set(function.endpoint.signature.path) == named, function.endpoint.declaration.name


MANIFEST = {function.name: function for function in load_manifest(manifest.FILE).functions}


@pytest.mark.parametrize("name", sorted(AGREED))
def test_the_manifest_is_what_was_agreed_upon(name: str) -> None:
    """Name, domain, route, schedule and roles of each function are those of the specification."""
    agreed, found = AGREED[name], MANIFEST[name]
    routes = [f"{route.method} {route.path}" for route in found.routes]
    got = (found.domain, routes, list(found.schedules), set(found.roles), found.public)
    want = (agreed.domain, agreed.routes, agreed.schedules, set(agreed.roles), agreed.public)
    assert got == want


@pytest.mark.parametrize(
    "domain",
    ["profiles", "clients", "notes", "tasks", "dashboard", "analytics"],
)
def test_nothing_of_a_domain_of_the_core_is_left(domain: str) -> None:
    """Every function of the clinical core is written."""
    wanted = {name for name, agreed in AGREED.items() if agreed.domain == domain}
    assert {f.endpoint.declaration.name for f in written() if f.domain == domain} == wanted
