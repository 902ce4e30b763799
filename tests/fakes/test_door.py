"""Tests of the door: what it counts must be what was asked, and nothing may change on the way."""

from __future__ import annotations

import http.client
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import urlsplit

import pytest

from tests.fakes.door import Door

_CROWD = 8


class _Echo(BaseHTTPRequestHandler):
    """Answers with what it was sent; a crowd is answered once it is complete."""

    protocol_version = "HTTP/1.1"
    crowd: threading.Barrier

    def do_GET(self) -> None:
        if self.path == "/crowd":
            self.crowd.wait(10)
        self._answer(self.headers["Host"].encode())

    def do_POST(self) -> None:
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/chunked":
            self._answer_in_chunks(body[:3], body[3:])
        else:
            self._answer(body)

    def _answer_in_chunks(self, *chunks: bytes) -> None:
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        for chunk in (*chunks, b""):
            self.wfile.write(f"{len(chunk):x}\r\n".encode() + chunk + b"\r\n")

    def _answer(self, body: bytes) -> None:
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


@pytest.fixture
def upstream() -> Iterator[str]:
    """A server that echoes."""
    _Echo.crowd = threading.Barrier(_CROWD)
    server = ThreadingHTTPServer(("127.0.0.1", 0), _Echo)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _connection(door: Door) -> http.client.HTTPConnection:
    return http.client.HTTPConnection(urlsplit(door.url).netloc, timeout=10)


def _ask(door: Door, method: str, path: str, body: bytes = b"") -> bytes:
    connection = _connection(door)
    try:
        connection.request(method, path, body)
        return connection.getresponse().read()
    finally:
        connection.close()


@pytest.mark.parametrize("path", ["/sized", "/chunked"])
def test_bodies_pass_unchanged(upstream: str, path: str) -> None:
    """A body comes back as it was sent, whether the answer is sized or in chunks."""
    with Door(upstream) as door:
        assert _ask(door, "POST", path, b"hello \r\n\r\n world") == b"hello \r\n\r\n world"


def test_host_stays_what_was_signed(upstream: str) -> None:
    """The Host header reaches the other side as the client sent it."""
    with Door(upstream) as door:
        assert _ask(door, "GET", "/") == urlsplit(door.url).netloc.encode()


def test_one_connection_carries_many_requests(upstream: str) -> None:
    """A connection is kept, and each request on it is counted."""
    with Door(upstream) as door:
        connection = _connection(door)
        connection.connect()
        socket = connection.sock
        for path in ("/one", "/two"):
            connection.request("GET", path)
            assert connection.getresponse().read()
        assert connection.sock is socket
        connection.close()
        assert [request.target for request in door.requests] == ["/one", "/two"]


def test_requests_in_flight_are_counted(upstream: str) -> None:
    """Requests that are under way at once are seen as such."""
    with Door(upstream) as door:
        with ThreadPoolExecutor(_CROWD) as pool:
            list(pool.map(lambda _: _ask(door, "GET", "/crowd"), range(_CROWD)))
        assert door.most_in_flight == _CROWD


def test_latency_passes_before_the_answer(upstream: str) -> None:
    """A request takes at least the latency of the door."""
    with Door(upstream, latency_seconds=0.05) as door:
        started = time.monotonic()
        _ask(door, "GET", "/")
        assert time.monotonic() - started >= 0.05


@pytest.mark.parametrize(
    ("service", "operation", "parameters"),
    [
        ("cloudfront", "list_distributions", {}),
        ("cloudwatch", "describe_alarms", {}),
        ("ec2", "describe_vpcs", {}),
        ("iam", "list_roles", {}),
        ("lambda", "list_functions", {}),
        ("s3", "list_buckets", {}),
        ("secretsmanager", "list_secrets", {}),
    ],
)
def test_refusals_speak_the_protocol(
    upstream: str, service: str, operation: str, parameters: dict[str, Any]
) -> None:
    """A refused request is, to the client of any service, an error with the code that was given."""
    import boto3
    from botocore.exceptions import ClientError

    def refuse(request: object) -> str:
        return "AccessDenied"

    with Door(upstream, refuse=refuse) as door:
        client = boto3.client(
            service,  # type: ignore[call-overload]
            region_name="us-east-1",
            endpoint_url=door.url,
            aws_access_key_id="test",
            aws_secret_access_key="test",
        )
        with pytest.raises(ClientError) as caught:
            getattr(client, operation)(**parameters)
        client.close()
        assert caught.value.response["Error"]["Code"] == "AccessDenied"
