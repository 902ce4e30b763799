"""Tests of reading a manifest."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.clients.manifest import load_manifest, parse_manifest
from readyctl.errors import ConfigError
from readyctl.model.manifest import Event, Function, Route
from readyctl.resources import bundled

PATH = Path("manifest.yaml")
MANIFEST = """\
schema: readyctl.manifest/1
system: clinic
roles: [clerk]
vendors:
  - {name: Amazon Web Services, phi: true, baa: required, services: [Amazon SES]}
secrets:
  - {name: clinic/database, keys: [password]}
parameters:
  - {name: /clinic/sender}
functions:
  - name: create-client
    domain: clients
    purpose: Registers a client.
    routes: [{method: POST, path: /clients}]
    roles: [clerk]
    secrets: [clinic/database]
  - name: send-mail
    domain: mail
    purpose: Sends mail.
    schedules: ["rate(1 hour)"]
    events: [{name: client.created, source: clinic}]
    services: [Amazon SES]
"""


def _error(old: str, new: str) -> ConfigError:
    assert old in MANIFEST
    with pytest.raises(ConfigError) as caught:
        parse_manifest(MANIFEST.replace(old, new), PATH)
    return caught.value


def test_functions() -> None:
    """A function is read with its triggers, and with defaults for what it leaves out."""
    assert parse_manifest(MANIFEST, PATH).functions[0] == Function(
        name="create-client",
        domain="clients",
        purpose="Registers a client.",
        routes=(Route("POST", "/clients"),),
        roles=("clerk",),
        secrets=("clinic/database",),
        timeout_seconds=10,
        memory_mb=256,
        alarms=("errors", "throttles"),
        log_retention_days=365,
    )


def test_kind() -> None:
    """A function's kind is the first way in which it is called."""
    manifest = parse_manifest(MANIFEST, PATH)
    assert [function.kind for function in manifest.functions] == ["http", "event"]
    assert manifest.functions[1].events == (Event("client.created", "clinic"),)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("/1\n", "/2\n", 1, 'schema is not "readyctl.manifest/1"'),
        ("clerk]\n    s", "clark]\n    s", 15, '"clark" is declared nowhere'),
        ("secrets: [clinic/", "secrets: [other/", 16, '"other/database" is declared nowhere'),
        ("    services: [Amazon SES]", "    vendors: [SES]", 22, '"SES" is declared nowhere'),
        ("[Amazon SES]\n", "[Amazon S3]\n", 22, '"Amazon S3" is declared nowhere'),
        ("name: send-mail", "name: create-client", 17, '"create-client" is declared twice'),
        ("    roles: [clerk]\n", "", 11, "people call create-client, but nobody may"),
        ("    roles: [clerk]\n", "    roles: [clerk]\n    public: true\n", 15, "is public and has"),
        ("    domain: mail\n", "    domain: mail\n    public: true\n", 19, "has no route"),
        ("path: /clients}", "path: /a}, {method: POST, path: /a}", 14, "POST /a leads to create"),
        ("method: POST", "method: PSOT", 14, "routes[0].method is not one of GET, POST"),
        ("baa: required", "baa: not-required", 5, "vendors[0].baa"),
        ("rate(1 hour)", "hourly", 20, "schedules[0] does not match"),
        ("    domain: mail\n", "", 17, 'functions[1] lacks "domain"'),
        ("purpose: Sends", "purpos: Sends", 19, 'unknown property "purpos"'),
    ],
)
def test_refused(old: str, new: str, line: int, message: str) -> None:
    """What is wrong, unknown or contradictory is named with its line."""
    error = _error(old, new)
    everything = f"{error.where}: {error.message}\n{error.cause}"
    assert re.search(rf"manifest\.yaml:{line}: .*{re.escape(message)}", everything), everything


def test_suggestion() -> None:
    """A name that is nearly right is answered with the right one."""
    assert _error("clerk]\n    s", "clark]\n    s").hint == 'did you mean "clerk"?'


def test_routes_lead_to_one_function() -> None:
    """Two functions cannot have the same route."""
    taken = "roles: [clerk]\n    routes: [{method: POST, path: /clients}]"
    error = _error('schedules: ["rate(1 hour)"]', taken)
    assert "POST /clients leads to create-client already" in error.message


def test_missing(tmp_path: Path) -> None:
    """A manifest that is not there is a ConfigError."""
    with pytest.raises(ConfigError) as caught:
        load_manifest(tmp_path / "manifest.yaml")
    assert caught.value.code == "E0202"


@given(
    line=st.integers(0, MANIFEST.count("\n") - 1),
    text=st.one_of(st.text(max_size=12), st.sampled_from(["", "- ", "a:", "[]", "{", "!!set"])),
)
def test_any_line(line: int, text: str) -> None:
    """Whatever is written in one line, the manifest is read or refused as a ConfigError."""
    lines = MANIFEST.splitlines()
    lines[line] = text
    try:
        parse_manifest("\n".join(lines), PATH)
    except ConfigError:
        return


@pytest.fixture(scope="module")
def functions() -> dict[str, Function]:
    """The functions of the bundled manifest by name."""
    manifest = load_manifest(bundled("backend", "manifest.yaml"))
    return {function.name: function for function in manifest.functions}


def test_bundled_functions(functions: dict[str, Function]) -> None:
    """The bundled backend has 112 functions."""
    assert len(functions) == 112


@pytest.mark.parametrize("name", ["migrate-database", "apply-migrations-to-aurora"])
def test_bundled_operators(functions: dict[str, Function], name: str) -> None:
    """What runs SQL has no route, schedule or event: it is invoked by name."""
    assert functions[name].kind == "invoke"


@pytest.mark.parametrize("name", ["check-compliance", "security-audit"])
def test_bundled_second_trigger(functions: dict[str, Function], name: str) -> None:
    """Functions that are called and scheduled have both triggers."""
    assert (len(functions[name].routes), len(functions[name].schedules)) == (1, 1)


def test_bundled_public(functions: dict[str, Function]) -> None:
    """Exactly three functions may be called without signing in."""
    assert sorted(name for name, function in functions.items() if function.public) == [
        "confirm-appointment",
        "health-check",
        "send-password-reset",
    ]
