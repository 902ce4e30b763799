"""Makes settings out of documents, variables and flags; reads no file itself."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, fields
from difflib import get_close_matches
from pathlib import Path
from typing import Protocol

from readyctl.config.environment import (
    DatabaseAccess,
    Environment,
    PlanSettings,
    Resources,
    Settings,
)
from readyctl.config.schema import (
    DEFAULT_ENVIRONMENT,
    DEFAULTS,
    ENVIRONMENTS,
    GROUPS,
    LOCAL_ACCOUNT,
    LOCAL_REGION,
    MARK,
    VARIABLES,
)
from readyctl.errors import ConfigError
from readyctl.model.json import Json

_REGION = re.compile(r"[a-z]{2}(-[a-z]+)+-[0-9]")


class Document(Protocol):
    """A parsed file that knows the lines of its parts."""

    @property
    def path(self) -> Path:
        """Where the file is; absolute."""

    @property
    def data(self) -> Json:
        """What it holds; it has been validated against the schema."""

    def where(self, path: Sequence[str | int] = ()) -> str:
        """Return `file:line` of a part."""


@dataclass(frozen=True, slots=True)
class _Setting:
    value: Json
    origin: str
    folder: Path


class _Layers:
    """The settings by dotted name; what is laid on top hides what is below."""

    def __init__(self, root: Path) -> None:
        self._settings = {
            name: _Setting(value, "default", root) for name, value in DEFAULTS.items()
        }

    def put(self, name: str, value: Json, origin: str, folder: Path) -> None:
        self._settings[name] = _Setting(value, origin, folder)

    def put_document(self, document: Document, path: tuple[str, ...]) -> None:
        """Lay what a document says at `path`, its groups flattened to dotted names."""
        for key, value in _mapping(_at(document.data, path)).items():
            if key in (MARK, ENVIRONMENTS, DEFAULT_ENVIRONMENT):
                continue
            if key in GROUPS:
                for inner, entry in _mapping(value).items():
                    place = document.where((*path, key, inner))
                    self.put(f"{key}.{inner}", entry, place, document.path.parent)
            else:
                self.put(key, value, document.where((*path, key)), document.path.parent)

    def text(self, name: str) -> str:
        value = self._settings[name].value if name in self._settings else ""
        return "" if value is None else str(value)

    def number(self, name: str) -> float:
        return float(str(self._settings[name].value))

    def texts(self, name: str) -> tuple[str, ...]:
        value = self._settings[name].value
        return tuple(map(str, value)) if isinstance(value, Sequence) else ()

    def path(self, name: str) -> Path:
        return self._settings[name].folder / self.text(name)

    def paths(self, name: str) -> tuple[Path, ...]:
        return tuple(self._settings[name].folder / entry for entry in self.texts(name))

    def origin(self, name: str) -> str:
        return self._settings[name].origin

    def origins(self) -> Mapping[str, str]:
        return {name: setting.origin for name, setting in sorted(self._settings.items())}


def settings_from(
    documents: Sequence[Document],
    *,
    environment: str,
    variables: Mapping[str, str],
    flags: Mapping[str, Json],
    cwd: Path,
) -> Settings:
    """Return the effective settings of one environment.

    `documents` go from the strongest to the weakest. `environment` is the name that was asked
    for, or nothing. `flags` holds settings by dotted name. Precedence: flags, variables, then per
    document its environment over its base, then the defaults.

    Raises:
        ConfigError: the environment is unknown or cannot be chosen, or a setting is missing or
            contradicts another.
    """
    main = documents[0]
    name = _chosen(documents, environment, variables)
    layers = _Layers(main.path.parent)
    for document in reversed(documents):
        layers.put_document(document, ())
        layers.put_document(document, (ENVIRONMENTS, name))
    _put_variables(layers, variables, cwd)
    for key, value in flags.items():
        layers.put(key, value, f"flag --{key.rpartition('.')[2].replace('_', '-')}", cwd)
    _complete(layers, name, main)
    return _settings(layers, name, main)


def environment_names(documents: Sequence[Document]) -> tuple[str, ...]:
    """Return the names of all environments that the documents declare."""
    found = [key for doc in documents for key in _mapping(_at(doc.data, (ENVIRONMENTS,)))]
    return tuple(dict.fromkeys(found))


def _chosen(documents: Sequence[Document], asked: str, variables: Mapping[str, str]) -> str:
    known = environment_names(documents)
    main = documents[0]
    if not known:
        raise ConfigError(
            "E0241",
            "the configuration declares no environment",
            where=main.where(),
            hint="add `environments:`; `readyctl init` writes an example",
        )
    defaults = [str(_mapping(doc.data).get(DEFAULT_ENVIRONMENT, "")) for doc in documents]
    wanted = asked or variables.get("READYCTL_ENV", "") or next(filter(None, defaults), "")
    if not wanted and len(known) == 1:
        return known[0]
    if wanted in known:
        return wanted
    listed = ", ".join(known)
    if not wanted:
        raise ConfigError(
            "E0242",
            "there are several environments, and none was chosen",
            cause=f"environments: {listed}",
            where=main.where((ENVIRONMENTS,)),
            hint="choose with --env or READYCTL_ENV, or set `default_environment`",
        )
    near = get_close_matches(wanted, known, n=1)
    raise ConfigError(
        "E0242",
        f"there is no environment {wanted}",
        cause=f"environments: {listed}",
        where=main.where((ENVIRONMENTS,)),
        hint=f'did you mean "{near[0]}"?' if near else "choose one of them with --env",
    )


def _put_variables(layers: _Layers, variables: Mapping[str, str], cwd: Path) -> None:
    if variables.get("AWS_REGION") and not layers.text("region"):
        layers.put("region", variables["AWS_REGION"], "variable AWS_REGION", cwd)
    for variable, key in VARIABLES.items():
        if variables.get(variable):
            layers.put(key, variables[variable], f"variable {variable}", cwd)


def _complete(layers: _Layers, name: str, main: Document) -> None:
    if not layers.text("system"):
        raise _lacking("system", "write `system: NAME`, the system's name in lower case", main, ())
    if layers.text("provider") == "local":
        layers.put("account", LOCAL_ACCOUNT, "provider local", main.path.parent)
        layers.put("region", LOCAL_REGION, "provider local", main.path.parent)
        layers.put("profile", "", "provider local", main.path.parent)
        return
    place = (ENVIRONMENTS, name)
    if not layers.text("account"):
        hint = 'write the twelve digits in quotation marks: account: "123456789012"'
        raise _lacking("account", hint, main, place)
    if not layers.text("region"):
        raise _lacking("region", "write for example `region: us-east-1`", main, place)
    if not _REGION.fullmatch(layers.text("region")):
        raise ConfigError(
            "E0244",
            "the region is not the name of an AWS region",
            where=layers.origin("region"),
            hint="for example us-east-1",
        )
    if "local:" in (layers.text("database.dsn"), layers.text("database.owner_dsn")):
        raise ConfigError(
            "E0244",
            "`dsn: local:` needs an environment with `provider: local`",
            where=layers.origin("database.dsn"),
            hint="refer to a variable that holds the connection string, as in env:DATABASE_URL",
        )


def _lacking(setting: str, hint: str, main: Document, place: tuple[str, ...]) -> ConfigError:
    inside = f" of environment {place[-1]}" if place else ""
    return ConfigError(
        "E0243", f"the setting {setting}{inside} is missing", where=main.where(place), hint=hint
    )


def _settings(layers: _Layers, name: str, main: Document) -> Settings:
    return Settings(
        system=layers.text("system"),
        root=main.path.parent,
        environment=_environment(layers, name),
        manifest=layers.path("manifest"),
        migrations=layers.path("migrations"),
        snapshot=layers.path("snapshot"),
        source=layers.paths("source"),
        attestations=layers.path("attestations"),
        waivers=layers.path("waivers"),
        test_runs=layers.path("test_runs"),
        rls=layers.path("rls"),
        documents=layers.path("documents"),
        checks=layers.paths("checks"),
        disable=layers.texts("disable"),
        plan=PlanSettings(int(layers.number("plan.people")), layers.number("plan.hours_per_day")),
        file=main.path,
        origins=layers.origins(),
    )


def _environment(layers: _Layers, name: str) -> Environment:
    resources = {field.name: layers.text(f"resources.{field.name}") for field in fields(Resources)}
    return Environment(
        name=name,
        provider=layers.text("provider"),
        account=layers.text("account"),
        region=layers.text("region"),
        profile=layers.text("profile"),
        endpoint_url=layers.text("endpoint_url"),
        resources=Resources(**resources),
        database=DatabaseAccess(
            dsn=layers.text("database.dsn"),
            owner_dsn=layers.text("database.owner_dsn"),
            ledger=layers.text("database.ledger"),
            application_role=layers.text("database.application_role"),
        ),
    )


def _at(data: Json, path: Sequence[str]) -> Json:
    for key in path:
        data = _mapping(data).get(key)
    return data


def _mapping(value: Json) -> Mapping[str, Json]:
    return value if isinstance(value, Mapping) else {}
