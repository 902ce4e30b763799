"""Tests of the facts about the manifest and the migrations."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from readyctl.clients.failures import SourceFailure
from readyctl.config.environment import Settings
from readyctl.errors import ConfigError
from readyctl.gather.base import FactSpec
from readyctl.gather.gatherers.backend import backend_manifest, migrations

Observed = Callable[[FactSpec], Any]

_MANIFEST = """\
schema: readyctl.manifest/1
system: clinic
roles: [clerk]
vendors: [{name: Twilio, phi: true, baa: required, services: [Twilio Video]}]
secrets: [{name: clinic/twilio, keys: [sid], vendor: Twilio}]
parameters: [{name: /clinic/sender}]
tables: {clients: [clients]}
log_groups: [{name: /aws/apigateway/clinic, retention_days: 30}]
functions:
  - name: create-client
    domain: clients
    purpose: Registers a client.
    routes: [{method: POST, path: /clients}]
    roles: [clerk]
    secrets: [clinic/twilio]
    parameters: [/clinic/sender]
    vendors: [Twilio]
    services: [Twilio Video]
    timeout_seconds: 20
    memory_mb: 512
    alarms: [errors]
    log_retention_days: 30
  - name: on-event
    domain: chat
    purpose: Reacts.
    schedules: [rate(1 day)]
    events: [{name: made, source: clinic}]
    websocket: [$connect]
    roles: [clerk]
"""


@pytest.fixture
def declared(observed: Observed, settings: Settings) -> Any:
    """The value of the fact over a small manifest."""
    settings.manifest.write_text(_MANIFEST)
    return observed(backend_manifest)


def test_function(declared: Any) -> None:
    """A declared function comes with everything that checks compare."""
    assert declared["functions"][0] == {
        "name": "create-client",
        "domain": "clients",
        "kind": "http",
        "deployed_name": "telehealth-create-client",
        "routes": [{"method": "POST", "path": "/clients"}],
        "schedules": [],
        "events": [],
        "websocket": [],
        "public": False,
        "roles": ["clerk"],
        "secrets": ["clinic/twilio"],
        "parameters": ["/clinic/sender"],
        "vendors": ["Twilio"],
        "services": ["Twilio Video"],
        "timeout_seconds": 20,
        "memory_mb": 512,
        "log_retention_days": 30,
        "alarms": ["errors"],
    }


_ON_EVENT = {"function": "on-event", "deployed_name": "telehealth-on-event"}


@pytest.mark.parametrize(
    ("name", "value"),
    [
        (
            "routes",
            [
                {
                    "key": "POST /clients",
                    "function": "create-client",
                    "deployed_name": "telehealth-create-client",
                    "public": False,
                }
            ],
        ),
        ("websocket_routes", [{"key": "$connect", **_ON_EVENT, "public": False}]),
        ("schedules", [{**_ON_EVENT, "expression": "rate(1 day)"}]),
        ("events", [{**_ON_EVENT, "name": "made", "source": "clinic"}]),
        ("secrets", ["clinic/twilio"]),
        ("secret_keys", [{"name": "clinic/twilio", "keys": ["sid"], "vendor": "Twilio"}]),
        ("parameters", ["/clinic/sender"]),
        ("vendors", [{"name": "Twilio", "phi": True, "baa": True}]),
        ("services", ["Twilio Video"]),
        ("tables", [{"domain": "clients", "name": "clients"}]),
        (
            "log_groups",
            [
                {
                    "name": "/aws/lambda/telehealth-create-client",
                    "function": "create-client",
                    "retention_days": 30,
                },
                {
                    "name": "/aws/lambda/telehealth-on-event",
                    "function": "on-event",
                    "retention_days": 365,
                },
                {"name": "/aws/apigateway/clinic", "function": "", "retention_days": 30},
            ],
        ),
    ],
)
def test_lists(declared: Any, name: str, value: object) -> None:
    """The lists that checks compare with the account are ready."""
    assert declared[name] == value


@pytest.mark.parametrize("text", [None, "a: [", "schema: readyctl.manifest/1"])
def test_broken_manifest(observed: Observed, settings: Settings, text: str | None) -> None:
    """A missing or broken manifest stops the audit rather than leaving a gap."""
    if text is not None:
        settings.manifest.write_text(text)
    with pytest.raises(ConfigError):
        observed(backend_manifest)


def test_migrations(observed: Observed, settings: Settings) -> None:
    """Migrations come in order, with digest, tables, and the line of the first table."""
    settings.migrations.mkdir()
    second = b"-- a\ncreate table notes (id int);\ncreate table app.marks (id int);\n"
    (settings.migrations / "20260102_notes.sql").write_bytes(second)
    (settings.migrations / "20260101_roles.sql").write_bytes(b"select 1;")
    assert observed(migrations) == [
        {
            "version": "20260101",
            "file": "migrations/20260101_roles.sql",
            "sha256": hashlib.sha256(b"select 1;").hexdigest(),
            "tables": [],
            "line": 0,
        },
        {
            "version": "20260102",
            "file": "migrations/20260102_notes.sql",
            "sha256": hashlib.sha256(second).hexdigest(),
            "tables": ["notes", "app.marks"],
            "line": 2,
        },
    ]


def test_no_migrations_folder(observed: Observed) -> None:
    """A folder that is not there is not an empty one."""
    with pytest.raises(SourceFailure, match="no migrations folder"):
        observed(migrations)
