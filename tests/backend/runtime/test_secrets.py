"""Secrets through the extension's door: asked once, kept for a while, never told."""

from __future__ import annotations

import json
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread

import pytest

from backend.runtime import secrets
from backend.runtime.problems import Unavailable

CONTENT = {
    "username": "app",
    "password": "p@ss/word",
    "host": "db.internal",
    "port": "5432",
    "dbname": "telehealth",
}


class Extension(BaseHTTPRequestHandler):
    """Answers as the AWS Parameters and Secrets extension does."""

    asked: list[str]

    def do_GET(self) -> None:
        """Give out the one secret that there is."""
        self.asked.append(self.path)
        known = self.path == "/secretsmanager/get?secretId=telehealth%2Fdatabase"
        body = json.dumps({"SecretString": json.dumps(CONTENT)}).encode()
        self.send_response(200 if known else 400)
        self.send_header("Content-Length", str(len(body if known else b"hunter2")))
        self.end_headers()
        self.wfile.write(body if known else b"hunter2")

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def asked(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[str]]:
    """What the extension is asked; functions find it where Lambda puts it."""
    Extension.asked = []
    server = HTTPServer(("127.0.0.1", 0), Extension)
    thread = Thread(target=server.serve_forever)
    thread.start()
    monkeypatch.setenv("PARAMETERS_SECRETS_EXTENSION_HTTP_PORT", str(server.server_port))
    monkeypatch.delenv("BACKEND_DATABASE_URL", raising=False)
    secrets.forget()
    yield Extension.asked
    secrets.forget()
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_database_is_named_by_its_secret(asked: list[str]) -> None:
    """User and password are quoted, and the server's certificate is verified."""
    assert secrets.database_url() == (
        "postgresql://app:p%40ss%2Fword@db.internal:5432/telehealth"
        "?sslmode=verify-full&sslrootcert=system"
    )


def test_a_secret_is_asked_once(asked: list[str]) -> None:
    """A secret is kept, so that a call does not wait for it each time."""
    assert secrets.secret("telehealth/database") == secrets.secret("telehealth/database")
    assert len(asked) == 1


def test_a_missing_secret_is_an_outage_that_tells_nothing(asked: list[str]) -> None:
    """What cannot be read makes the function unavailable; the answer is not repeated."""
    with pytest.raises(Unavailable) as caught:
        secrets.secret("telehealth/other")
    assert "hunter2" not in repr(caught.value)
