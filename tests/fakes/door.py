"""A reverse proxy before an emulated account: counts, delays and refuses what is asked of it."""

from __future__ import annotations

import asyncio
import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self
from urllib.parse import urlsplit

_LIMIT = 1 << 20
_SCOPE = re.compile(rb"Credential=[^/]+/[0-9]{8}/[^/]*/([a-z0-9-]+)/aws4_request")
_ACTION = re.compile(rb"(?:^|[?&])Action=([A-Za-z0-9]+)")
_CLOSED = (ConnectionError, asyncio.IncompleteReadError)


@dataclass(slots=True)
class Request:
    """One request: who was asked for what, and when (monotonic seconds; 0 while under way)."""

    method: str
    target: str
    service: str
    operation: str
    started: float
    ended: float = 0.0


Refusal = Callable[[Request], str | None]


@dataclass(slots=True)
class Door:
    """A context manager: a proxy on a free port of 127.0.0.1, in a thread of its own.

    `latency_seconds` passes before a request goes on. `refuse` may answer a request with an AWS
    error code; it is called in the door's thread. The Host header stays what the client signed.
    """

    upstream: str
    latency_seconds: float = 0.0
    refuse: Refusal | None = None
    requests: list[Request] = field(default_factory=list)
    most_in_flight: int = 0
    url: str = ""
    _in_flight: int = 0
    _shut: asyncio.Event = field(default_factory=asyncio.Event)
    _writers: set[asyncio.StreamWriter] = field(default_factory=set)
    _loop: asyncio.AbstractEventLoop | None = None
    _thread: threading.Thread | None = None

    def __enter__(self) -> Self:
        """Open the door."""
        ready = threading.Event()
        self._thread = threading.Thread(target=lambda: asyncio.run(self._open(ready)), name="door")
        self._thread.start()
        if not ready.wait(10):
            raise RuntimeError("the door did not open")
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Shut the door; what is under way is dropped."""
        if self._loop and self._thread:
            self._loop.call_soon_threadsafe(self._shut.set)
            self._thread.join(10)

    async def _open(self, ready: threading.Event) -> None:
        self._loop = asyncio.get_running_loop()
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, limit=_LIMIT)
        self.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        ready.set()
        await self._shut.wait()
        server.close()
        # The readers of those connections learn of their end in the next turns of the loop, and a
        # connection accepted just before begins in one: it is over when nobody came for a while.
        end, quiet = time.monotonic() + 5, 0
        while quiet < 20 and time.monotonic() < end:
            for writer in self._writers:
                writer.transport.abort()
            quiet = 0 if self._writers else quiet + 1
            await asyncio.sleep(0.001)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        upstream = _Upstream(self.upstream)
        self._writers.add(writer)
        try:
            while await self._pass(reader, writer, upstream):
                pass
        except (*_CLOSED, asyncio.CancelledError):
            # Cancelled when the door shuts: asyncio would report that of its own streams.
            return
        finally:
            upstream.close()
            writer.close()
            self._writers.discard(writer)

    async def _pass(
        self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, upstream: _Upstream
    ) -> bool:
        """Pass one request on, and its answer back; tell whether another may follow."""
        head = await reader.readuntil(b"\r\n\r\n")
        headers = _headers(head)
        if headers.get("expect", "").lower() == "100-continue":
            writer.write(b"HTTP/1.1 100 Continue\r\n\r\n")
            head = re.sub(rb"(?i)\r\nexpect:[^\r\n]*", b"", head)
        body = await _body(reader, headers)
        request = self._enter(head, body)
        try:
            await asyncio.sleep(self.latency_seconds)
            code = self.refuse(request) if self.refuse else None
            if code is not None:
                answer, again = _error(request, headers, code), True
            else:
                answer, again = await upstream.ask(request.method, head + body)
            writer.write(answer)
            await writer.drain()
        finally:
            self._in_flight -= 1
            request.ended = time.monotonic()
        return again and headers.get("connection", "").lower() != "close"

    def _enter(self, head: bytes, body: bytes) -> Request:
        method, target, _ = head.split(b"\r\n", 1)[0].decode("latin-1").split(" ", 2)
        service = _SCOPE.search(head)
        request = Request(
            method,
            target,
            service[1].decode() if service else "",
            _operation(head, target, body),
            time.monotonic(),
        )
        self.requests.append(request)
        self._in_flight += 1
        self.most_in_flight = max(self.most_in_flight, self._in_flight)
        return request


class _Upstream:
    """The connection behind one client's connection; kept while both ends allow."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self._address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    def close(self) -> None:
        if self._streams:
            self._streams[1].close()
            self._streams = None

    async def ask(self, method: str, request: bytes) -> tuple[bytes, bool]:
        """Return the whole answer, and whether the client's connection may be kept."""
        kept = self._streams is not None
        try:
            return await self._exchange(method, request)
        except _CLOSED:
            self.close()
            if not kept:
                raise
        # The server may end an idle connection at any time: a second one settles it.
        return await self._exchange(method, request)

    async def _exchange(self, method: str, request: bytes) -> tuple[bytes, bool]:
        if self._streams is None:
            self._streams = await asyncio.open_connection(*self._address, limit=_LIMIT)
        reader, writer = self._streams
        writer.write(request)
        await writer.drain()
        head = await reader.readuntil(b"\r\n\r\n")
        while head.startswith(b"HTTP/1.1 1"):
            head = await reader.readuntil(b"\r\n\r\n")
        headers = _headers(head)
        if method == "HEAD" or head.split(b" ", 2)[1] in (b"204", b"304"):
            body, sized = b"", True
        else:
            sized = "content-length" in headers or "transfer-encoding" in headers
            body = await (_body(reader, headers) if sized else reader.read())
        keep = sized and headers.get("connection", "").lower() != "close"
        if not keep:
            self.close()
        return head + body, keep


def _headers(head: bytes) -> Mapping[str, str]:
    lines = head.decode("latin-1").split("\r\n")[1:]
    pairs = (line.partition(":") for line in lines if line)
    return {name.strip().lower(): value.strip() for name, _, value in pairs}


async def _body(reader: asyncio.StreamReader, headers: Mapping[str, str]) -> bytes:
    """Return a body as it was sent, chunk sizes included."""
    if headers.get("transfer-encoding", "").lower() != "chunked":
        return await reader.readexactly(int(headers.get("content-length", "0")))
    parts: list[bytes] = []
    size = -1
    while size:
        line = await reader.readuntil(b"\r\n")
        size = int(line.split(b";", 1)[0], 16)
        parts += [line, await reader.readexactly(size + 2) if size else b""]
    while parts[-1] != b"\r\n":
        parts.append(await reader.readuntil(b"\r\n"))
    return b"".join(parts)


def _operation(head: bytes, target: str, body: bytes) -> str:
    named = re.search(rb"(?i)\r\nx-amz-target:[^\r\n]*?([A-Za-z0-9]+)[ \t]*\r\n", head)
    found = named or _ACTION.search(body) or _ACTION.search(target.encode("latin-1"))
    return found[1].decode() if found else target.partition("?")[0]


def _error(request: Request, headers: Mapping[str, str], code: str) -> bytes:
    """Return an error in the words of the protocol that was spoken."""
    kind = "text/xml"
    if "x-amz-target" in headers:
        body, kind = json.dumps({"__type": code, "message": "refused"}), "application/json"
    elif request.service == "s3":
        body = f"<Error><Code>{code}</Code><Message>refused</Message></Error>"
    elif request.service == "cloudfront":
        body = f"<ErrorResponse><Error><Code>{code}</Code></Error></ErrorResponse>"
    elif request.operation.startswith("/"):
        body, kind = json.dumps({"message": "refused"}), "application/json"
    else:
        body = f"<Response><Errors><Error><Code>{code}</Code></Error></Errors></Response>"
    head = (
        "HTTP/1.1 403 Forbidden\r\n"
        f"content-type: {kind}\r\nx-amzn-errortype: {code}\r\ncontent-length: {len(body)}\r\n\r\n"
    )
    return (head + body).encode()
