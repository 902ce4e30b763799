"""Reads a backend's manifest: as its schema says, names unique, references closed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from difflib import get_close_matches
from pathlib import Path

from readyctl.clients.yamlfile import Key, YamlDocument, load_yaml, parse_yaml, validate
from readyctl.config.schema import bundled_schema
from readyctl.errors import ConfigError
from readyctl.model.manifest import Function, Manifest

_Fault = tuple[Sequence[Key], str, str]


def load_manifest(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        ConfigError: the file is missing or not YAML (E0202, E0201), not as its schema says
            (E0210), or contradicts itself (E0211); `where` is `file:line`.
    """
    return _manifest(load_yaml(path))


def parse_manifest(text: str, path: Path) -> Manifest:
    """Parse the text of the manifest `path`; see `load_manifest`."""
    return _manifest(parse_yaml(text, path))


def _manifest(document: YamlDocument) -> Manifest:
    import msgspec

    validate(document, bundled_schema("manifest-1"), "E0210", "manifest")
    manifest = msgspec.convert(document.data, Manifest)
    for path, text, hint in _faults(manifest):
        raise ConfigError(
            "E0211",
            f"the manifest contradicts itself: {text}",
            where=document.where(path),
            hint=hint,
        )
    return manifest


def _faults(manifest: Manifest) -> Iterator[_Fault]:
    for section in ("functions", "vendors", "secrets", "parameters", "log_groups"):
        names = [entry.name for entry in getattr(manifest, section)]
        yield from _repeated((section,), names)
    vendors = [vendor.name for vendor in manifest.vendors]
    for index, secret in enumerate(manifest.secrets):
        if secret.vendor:
            yield from _undeclared(("secrets", index, "vendor"), (secret.vendor,), vendors)
    for index, function in enumerate(manifest.functions):
        yield from _function_faults(("functions", index), function, manifest)
    yield from _shared_routes(manifest)


def _function_faults(
    path: Sequence[Key], function: Function, manifest: Manifest
) -> Iterator[_Fault]:
    declared = {
        "roles": manifest.roles,
        "secrets": [secret.name for secret in manifest.secrets],
        "parameters": [parameter.name for parameter in manifest.parameters],
        "vendors": [vendor.name for vendor in manifest.vendors],
        "services": [service for vendor in manifest.vendors for service in vendor.services],
    }
    for section, names in declared.items():
        yield from _undeclared((*path, section), getattr(function, section), names)
    called = bool(function.routes or function.websocket)
    if function.public and function.roles:
        yield (*path, "roles"), f"{function.name} is public and has roles", "remove one of the two"
    if called and not function.public and not function.roles:
        yield (
            path,
            f"people call {function.name}, but nobody may",
            "give it roles, or `public: true`",
        )
    if function.public and not called:
        yield (*path, "public"), f"{function.name} is public, but has no route", "give it routes"


def _undeclared(
    path: Sequence[Key], names: Sequence[str], declared: Sequence[str]
) -> Iterator[_Fault]:
    for name in names:
        if name not in declared:
            near = get_close_matches(name, declared, n=1)
            yield (
                path,
                f'"{name}" is declared nowhere',
                f'did you mean "{near[0]}"?' if near else "declare it at the top of the file",
            )


def _repeated(path: Sequence[Key], names: Sequence[str]) -> Iterator[_Fault]:
    for index, name in enumerate(names):
        if name in names[:index]:
            yield (*path, index), f'"{name}" is declared twice', "remove one of the two"


def _shared_routes(manifest: Manifest) -> Iterator[_Fault]:
    owners: dict[str, str] = {}
    for index, function in enumerate(manifest.functions):
        keys = [(("routes", at), route.key) for at, route in enumerate(function.routes)]
        keys += [(("websocket", at), key) for at, key in enumerate(function.websocket)]
        for place, key in keys:
            owner = owners.setdefault(key, function.name)
            if owner != function.name or key in [other for _, other in keys[: place[1]]]:
                yield (
                    ("functions", index, *place),
                    f"{key} leads to {owner} already",
                    "a route leads to one function",
                )
