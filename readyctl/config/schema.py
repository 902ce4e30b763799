"""The settings that exist: their schema, their kinds and their defaults."""

from __future__ import annotations

import json
from collections.abc import Mapping
from types import MappingProxyType

from readyctl.model.json import Json
from readyctl.resources import bundled

ENVIRONMENTS = "environments"
DEFAULT_ENVIRONMENT = "default_environment"
MARK = "readyctl"

LOCAL_ACCOUNT = "000000000000"
LOCAL_REGION = "us-east-1"

GROUPS = frozenset({"plan", "resources", "database"})

# Relative paths are relative to the folder of the configuration.
DEFAULTS: Mapping[str, Json] = MappingProxyType(
    {
        "manifest": str(bundled("backend", "manifest.yaml")),
        "migrations": str(bundled("backend", "migrations")),
        "snapshot": str(bundled("backend", "schema.json")),
        "source": [],
        "attestations": "attestations",
        "waivers": "waivers.yaml",
        "test_runs": "test-runs",
        "rls": "tests/rls",
        "documents": "docs",
        "checks": ["checks"],
        "disable": [],
        "plan.people": 1,
        "plan.hours_per_day": 6.0,
        "provider": "aws",
        "account": "",
        "region": "",
        "profile": "",
        "endpoint_url": "",
        "resources.function": "{name}",
        "resources.cluster": "{system}-*",
        "resources.files_bucket": "{system}-files*",
        "resources.videos_bucket": "{system}-videos*",
        "resources.api": "{system}-*",
        "resources.user_pool": "{system}-*",
        "resources.vpc": "{system}*",
        "resources.stack": "{system}-*",
        "resources.prefix": "{system}",
        "database.dsn": "",
        "database.owner_dsn": "",
        "database.ledger": "readyctl.migrations",
        "database.application_role": "readyctl_app",
    }
)

# Variables of the process that stand above the files.
VARIABLES: Mapping[str, str] = MappingProxyType(
    {
        "READYCTL_MANIFEST": "manifest",
        "READYCTL_REGION": "region",
        "READYCTL_PROFILE": "profile",
        "READYCTL_ENDPOINT_URL": "endpoint_url",
    }
)


def bundled_schema(name: str) -> Mapping[str, Json]:
    """Return a JSON Schema that ships with readyctl, such as `config-1`."""
    text = bundled("schemas", f"{name}.schema.json").read_text(encoding="utf-8")
    schema: Mapping[str, Json] = json.loads(text)
    return schema
