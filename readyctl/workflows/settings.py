"""Finds, reads and resolves the configuration: from its files to settings that can be used."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path

from readyctl.clients.yamlfile import YamlDocument, load_yaml, validate
from readyctl.config.discovery import Discovery, discover
from readyctl.config.environment import Settings
from readyctl.config.loader import settings_from
from readyctl.config.schema import bundled_schema
from readyctl.model.json import Json
from readyctl.resources import bundled


@dataclass(frozen=True, slots=True)
class Asked:
    """What the command line says about the configuration; `flags` by dotted setting."""

    config: Path | None = None
    environment: str = ""
    flags: Mapping[str, Json] = field(default_factory=dict)


def documents(asked: Asked) -> tuple[Discovery, tuple[YamlDocument, ...]]:
    """Return where the configuration was found, and its files, validated, the strongest first.

    Raises:
        ConfigError: there is none, or a file is malformed.
    """
    found = discover(asked.config, os.environ, Path.cwd())
    paths = [path for path in (found.project, found.user) if path is not None]
    return found, tuple(_validated(path) for path in dict.fromkeys(paths))


def load_settings(asked: Asked) -> Settings:
    """Return the effective settings.

    Raises:
        ConfigError: see `documents` and `config.loader.settings_from`.
    """
    _, files = documents(asked)
    return _settings(files, asked)


def example_settings(asked: Asked) -> Settings:
    """Return the settings of the bundled example, for what needs no system of one's own."""
    return _settings((_validated(bundled("config.yaml")),), replace(asked, environment="local"))


def _validated(path: Path) -> YamlDocument:
    document = load_yaml(path)
    validate(document, bundled_schema("config-1"), "E0240", "configuration")
    return document


def _settings(files: tuple[YamlDocument, ...], asked: Asked) -> Settings:
    return settings_from(
        files,
        environment=asked.environment,
        variables=os.environ,
        flags=asked.flags,
        cwd=Path.cwd(),
    )
