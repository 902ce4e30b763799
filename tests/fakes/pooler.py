"""A pooler before PostgreSQL: as PgBouncer does, it names a server process of its own invention."""

from __future__ import annotations

import socket
import struct
import threading
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from typing import Self

from psycopg.conninfo import conninfo_to_dict, make_conninfo

_INVENTED = 1_000_000_007
_NO_ENCRYPTION = {80877103, 80877104}


@dataclass(slots=True)
class Pooler:
    """A context manager: a port of 127.0.0.1 that leads to the server of `upstream`."""

    upstream: str = field(repr=False)
    _listener: socket.socket = field(default_factory=lambda: socket.create_server(("127.0.0.1", 0)))

    def __enter__(self) -> Self:
        """Open it."""
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        """Close it; connections end with their clients."""
        self._listener.close()

    @property
    def dsn(self) -> str:
        """The connection string of the way through it."""
        port = self._listener.getsockname()[1]
        return make_conninfo(self.upstream, host="127.0.0.1", port=port, sslmode="disable")

    def _listen(self) -> None:
        with suppress(OSError):
            while True:
                client, _ = self._listener.accept()
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        given = conninfo_to_dict(self.upstream)
        address = (str(given["host"]), int(str(given["port"])))
        with (
            suppress(OSError, EOFError),
            client,
            socket.create_connection(address) as server,
        ):
            server.sendall(_first(client))
            threading.Thread(target=_answers, args=(server, client), daemon=True).start()
            while data := client.recv(65_536):
                server.sendall(data)


def _first(client: socket.socket) -> bytes:
    """The start-up message; what asks for encryption before it is told that there is none."""
    while True:
        head = _exactly(client, 8)
        length, code = struct.unpack("!II", head)
        if code not in _NO_ENCRYPTION:
            return head + _exactly(client, length - 8)
        client.sendall(b"N")


def _answers(server: socket.socket, client: socket.socket) -> None:
    with suppress(OSError, EOFError):
        while True:
            head = _exactly(server, 5)
            body = _exactly(server, struct.unpack("!I", head[1:])[0] - 4)
            if head[:1] == b"K":
                body = struct.pack("!I", _INVENTED) + body[4:]
            client.sendall(head + body)
    with suppress(OSError):
        client.shutdown(socket.SHUT_RDWR)


def _exactly(source: socket.socket, count: int) -> bytes:
    data = b""
    while len(data) < count:
        more = source.recv(count - len(data))
        if not more:
            raise EOFError
        data += more
    return data
