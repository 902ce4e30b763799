"""The manifest: what a backend declares that it is made of."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

MANIFEST_SCHEMA = "readyctl.manifest/1"


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path of the HTTP API."""

    method: str
    path: str

    @property
    def key(self) -> str:
        """The route in the notation of API Gateway: `POST /clients`."""
        return f"{self.method} {self.path}"


@dataclass(frozen=True, slots=True)
class Event:
    """An event by name (`*` for every one) and the source that sends it."""

    name: str
    source: str


@dataclass(frozen=True, slots=True)
class Function:
    """A Lambda function; `scope` says in words what narrows its roles further."""

    name: str
    domain: str
    purpose: str
    routes: tuple[Route, ...] = ()
    schedules: tuple[str, ...] = ()
    events: tuple[Event, ...] = ()
    websocket: tuple[str, ...] = ()
    public: bool = False
    roles: tuple[str, ...] = ()
    scope: str = ""
    secrets: tuple[str, ...] = ()
    parameters: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    timeout_seconds: int = 10
    memory_mb: int = 256
    alarms: tuple[str, ...] = ("errors", "throttles")
    log_retention_days: int = 365

    @property
    def kind(self) -> str:
        """How it is called first of all: http, websocket, event, schedule, or invoke (by name)."""
        ways = (
            ("http", self.routes),
            ("websocket", self.websocket),
            ("event", self.events),
            ("schedule", self.schedules),
        )
        return next((kind for kind, triggers in ways if triggers), "invoke")


@dataclass(frozen=True, slots=True)
class Vendor:
    """A company whose services are used.

    `phi` says whether patient data reaches it; `baa` is required or not-required.
    """

    name: str
    phi: bool
    baa: str
    services: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Secret:
    """A secret, the keys that its JSON value must have, and the vendor that issued it."""

    name: str
    keys: tuple[str, ...]
    purpose: str = ""
    vendor: str = ""


@dataclass(frozen=True, slots=True)
class Parameter:
    """A parameter of the Parameter Store."""

    name: str
    purpose: str = ""


@dataclass(frozen=True, slots=True)
class LogGroup:
    """A log group beside those of the functions."""

    name: str
    retention_days: int


@dataclass(frozen=True, slots=True)
class Manifest:
    """A backend as declared. Names are unique, and everything that is referred to is declared."""

    system: str
    functions: tuple[Function, ...]
    runtime: str = "python3.13"
    roles: tuple[str, ...] = ()
    vendors: tuple[Vendor, ...] = ()
    secrets: tuple[Secret, ...] = ()
    parameters: tuple[Parameter, ...] = ()
    tables: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    log_groups: tuple[LogGroup, ...] = ()
