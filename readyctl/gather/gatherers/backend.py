"""Facts about the backend's files: its manifest and its migrations."""

from __future__ import annotations

import re
from typing import TypedDict

from readyctl.clients.failures import SourceFailure
from readyctl.clients.files import read_text, sha256, shown
from readyctl.clients.manifest import load_manifest
from readyctl.clients.sqltext import created_tables
from readyctl.gather.base import Sources, fact
from readyctl.model.fact import Reason
from readyctl.model.manifest import Function, Manifest

_VERSION = re.compile(r"[0-9]+")


class Route(TypedDict):
    """A method and path of the HTTP API."""

    method: str
    path: str


class DeclaredFunction(TypedDict):
    """A function of the manifest; `deployed_name` is its name in this environment."""

    name: str
    domain: str
    kind: str
    deployed_name: str
    routes: list[Route]
    schedules: list[str]
    events: list[str]
    websocket: list[str]
    public: bool
    roles: list[str]
    secrets: list[str]
    parameters: list[str]
    vendors: list[str]
    services: list[str]
    timeout_seconds: int
    memory_mb: int
    log_retention_days: int
    alarms: list[str]


class DeclaredRoute(TypedDict):
    """A route and the function that it must lead to; `key` is `POST /clients` or `$connect`."""

    key: str
    function: str
    deployed_name: str
    public: bool


class DeclaredSchedule(TypedDict):
    """A schedule and the function that it must run."""

    function: str
    deployed_name: str
    expression: str


class DeclaredEvent(TypedDict):
    """An event and the function that it must invoke."""

    function: str
    deployed_name: str
    name: str
    source: str


class DeclaredVendor(TypedDict):
    """A vendor; `phi`: patient data reaches it; `baa`: an agreement must be in force."""

    name: str
    phi: bool
    baa: bool


class DeclaredSecret(TypedDict):
    """A secret's name and the names of its keys."""

    name: str
    keys: list[str]
    vendor: str


class DeclaredTable(TypedDict):
    """A table or view that must exist."""

    domain: str
    name: str


class DeclaredLogGroup(TypedDict):
    """A log group; `function` is empty for one that is not a function's."""

    name: str
    function: str
    retention_days: int


class BackendManifest(TypedDict):
    """The manifest, with the lists that checks compare with the account."""

    system: str
    runtime: str
    functions: list[DeclaredFunction]
    routes: list[DeclaredRoute]
    websocket_routes: list[DeclaredRoute]
    schedules: list[DeclaredSchedule]
    events: list[DeclaredEvent]
    secrets: list[str]
    secret_keys: list[DeclaredSecret]
    parameters: list[str]
    vendors: list[DeclaredVendor]
    services: list[str]
    tables: list[DeclaredTable]
    log_groups: list[DeclaredLogGroup]
    schedules_total: int


class MigrationFile(TypedDict):
    """A migration of the folder, the tables it creates, and the line of the first (0: none)."""

    version: str
    file: str
    sha256: str
    tables: list[str]
    line: int


@fact("backend_manifest", origin="files")
def backend_manifest(sources: Sources) -> BackendManifest:
    """What the manifest declares. A manifest that is broken stops the audit."""
    manifest = load_manifest(sources.settings.manifest)
    template = sources.settings.resource("function")
    deployed = {entry.name: template.replace("{name}", entry.name) for entry in manifest.functions}
    schedules = _schedules(manifest, deployed)
    return BackendManifest(
        system=manifest.system,
        runtime=manifest.runtime,
        functions=[_function(entry, deployed[entry.name]) for entry in manifest.functions],
        routes=_routes(manifest, deployed),
        websocket_routes=_websocket_routes(manifest, deployed),
        schedules=schedules,
        events=_events(manifest, deployed),
        secrets=[entry.name for entry in manifest.secrets],
        secret_keys=[
            DeclaredSecret(name=entry.name, keys=list(entry.keys), vendor=entry.vendor)
            for entry in manifest.secrets
        ],
        parameters=[entry.name for entry in manifest.parameters],
        vendors=[
            DeclaredVendor(name=entry.name, phi=entry.phi, baa=entry.baa == "required")
            for entry in manifest.vendors
        ],
        services=sorted({service for entry in manifest.vendors for service in entry.services}),
        tables=[
            DeclaredTable(domain=domain, name=name)
            for domain, names in manifest.tables.items()
            for name in names
        ],
        log_groups=_log_groups(manifest, deployed),
        schedules_total=len(schedules),
    )


@fact("migrations", origin="files")
def migrations(sources: Sources) -> list[MigrationFile]:
    """The SQL files of the migrations folder, in the order of their versions.

    The version is the number that the file's name begins with, or the whole name.
    """
    folder = sources.settings.migrations
    if not folder.is_dir():
        raise SourceFailure(
            Reason.NOT_CONFIGURED,
            "there is no migrations folder",
            where=str(folder),
            resolution="set `migrations:` to the folder that holds the SQL files",
        )
    rows = []
    for path in sorted(folder.glob("*.sql")):
        text = read_text(path)
        tables = created_tables(text)
        number = _VERSION.match(path.name)
        rows.append(
            MigrationFile(
                version=number[0] if number else path.stem,
                file=shown(path, sources.settings.root),
                sha256=sha256(path.read_bytes()),
                tables=[table.name for table in tables],
                line=tables[0].line if tables else 0,
            )
        )
    return rows


def _function(entry: Function, deployed: str) -> DeclaredFunction:
    return DeclaredFunction(
        name=entry.name,
        domain=entry.domain,
        kind=entry.kind,
        deployed_name=deployed,
        routes=[Route(method=route.method, path=route.path) for route in entry.routes],
        schedules=list(entry.schedules),
        events=[event.name for event in entry.events],
        websocket=list(entry.websocket),
        public=entry.public,
        roles=list(entry.roles),
        secrets=list(entry.secrets),
        parameters=list(entry.parameters),
        vendors=list(entry.vendors),
        services=list(entry.services),
        timeout_seconds=entry.timeout_seconds,
        memory_mb=entry.memory_mb,
        log_retention_days=entry.log_retention_days,
        alarms=list(entry.alarms),
    )


def _routes(manifest: Manifest, deployed: dict[str, str]) -> list[DeclaredRoute]:
    return [
        DeclaredRoute(
            key=route.key,
            function=entry.name,
            deployed_name=deployed[entry.name],
            public=entry.public,
        )
        for entry in manifest.functions
        for route in entry.routes
    ]


def _websocket_routes(manifest: Manifest, deployed: dict[str, str]) -> list[DeclaredRoute]:
    return [
        DeclaredRoute(
            key=key, function=entry.name, deployed_name=deployed[entry.name], public=entry.public
        )
        for entry in manifest.functions
        for key in entry.websocket
    ]


def _schedules(manifest: Manifest, deployed: dict[str, str]) -> list[DeclaredSchedule]:
    return [
        DeclaredSchedule(
            function=entry.name, deployed_name=deployed[entry.name], expression=expression
        )
        for entry in manifest.functions
        for expression in entry.schedules
    ]


def _events(manifest: Manifest, deployed: dict[str, str]) -> list[DeclaredEvent]:
    return [
        DeclaredEvent(
            function=entry.name,
            deployed_name=deployed[entry.name],
            name=event.name,
            source=event.source,
        )
        for entry in manifest.functions
        for event in entry.events
    ]


def _log_groups(manifest: Manifest, deployed: dict[str, str]) -> list[DeclaredLogGroup]:
    of_functions = [
        DeclaredLogGroup(
            name=f"/aws/lambda/{deployed[entry.name]}",
            function=entry.name,
            retention_days=entry.log_retention_days,
        )
        for entry in manifest.functions
    ]
    others = [
        DeclaredLogGroup(name=entry.name, function="", retention_days=entry.retention_days)
        for entry in manifest.log_groups
    ]
    return of_functions + others
