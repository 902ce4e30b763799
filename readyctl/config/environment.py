"""The effective settings of one environment, resolved and typed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path


@dataclass(frozen=True, slots=True)
class Resources:
    """How the system's resources are named in its account.

    Each is a glob pattern, except `function`, which turns a manifest's function name into the
    deployed one (`{name}`, `{system}` and `{environment}` are replaced).
    """

    function: str = "{name}"
    cluster: str = "{system}-*"
    files_bucket: str = "{system}-files*"
    videos_bucket: str = "{system}-videos*"
    api: str = "{system}-*"
    user_pool: str = "{system}-*"
    vpc: str = "{system}*"
    stack: str = "{system}-*"
    prefix: str = "{system}"


@dataclass(frozen=True, slots=True)
class DatabaseAccess:
    """Where PostgreSQL is, as references (`env:NAME`, `local:`), never passwords.

    `dsn` is a login that reads, `owner_dsn` one that may change the schema.
    """

    dsn: str = ""
    owner_dsn: str = ""
    ledger: str = "readyctl.migrations"
    application_role: str = "readyctl_app"


@dataclass(frozen=True, slots=True)
class Environment:
    """One deployment: provider `aws` or `local`, and the account it must be in."""

    name: str
    provider: str
    account: str
    region: str
    profile: str = ""
    endpoint_url: str = ""
    resources: Resources = field(default_factory=Resources)
    database: DatabaseAccess = field(default_factory=DatabaseAccess)


@dataclass(frozen=True, slots=True)
class PlanSettings:
    """Who works on the launch, and for how many hours a day."""

    people: int = 1
    hours_per_day: float = 6.0


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything that a workflow needs to know; paths are absolute.

    `origins` maps a dotted setting to who set it (a file, a variable, a flag, the default).
    `checks` are folders of users' own checks, first match wins before the bundled ones.
    """

    system: str
    root: Path
    environment: Environment
    manifest: Path
    migrations: Path
    snapshot: Path
    source: tuple[Path, ...]
    attestations: Path
    waivers: Path
    test_runs: Path
    documents: Path
    rls: Path = Path("tests/rls")
    checks: tuple[Path, ...] = ()
    disable: tuple[str, ...] = ()
    plan: PlanSettings = field(default_factory=PlanSettings)
    file: Path | None = None
    origins: Mapping[str, str] = field(default_factory=dict)

    def resource(self, kind: str) -> str:
        """Return the glob pattern of a kind of resource, its variables replaced."""
        pattern: str = getattr(self.environment.resources, kind)
        return pattern.replace("{system}", self.system).replace(
            "{environment}", self.environment.name
        )

    def matches(self, kind: str, name: str) -> bool:
        """Whether a resource of this name is the system's `kind`."""
        return fnmatchcase(name, self.resource(kind))

    def function_name(self, deployed: str) -> str | None:
        """Return the manifest's name of a deployed function, None if it is not the system's."""
        before, _, after = self.resource("function").partition("{name}")
        if deployed.startswith(before) and deployed.endswith(after):
            return deployed[len(before) : len(deployed) - len(after)] or None
        return None
