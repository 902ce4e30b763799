"""The settings of the reference system, and a recorded account that can refuse calls."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from readyctl.clients.aws import AwsReader
from readyctl.clients.postgres import PostgresReader
from readyctl.clients.session import open_session
from readyctl.config.environment import Settings
from readyctl.gather import runner
from readyctl.local.state import LocalState, save
from readyctl.model.check import Checklist
from readyctl.model.fact import FactSet, Target
from readyctl.model.scorecard import Scorecard
from readyctl.resources import bundled
from readyctl.workflows.audit import judge
from readyctl.workflows.checklist import load_checklist
from readyctl.workflows.settings import Asked, load_settings
from tests.fakes.account import Account
from tests.schemas import bundled_schemas

NOW = datetime(2026, 11, 22, 12, 0, tzinfo=UTC)


@pytest.fixture(scope="session")
def settings(local_reference: LocalState, tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """The settings of the reference system, with a folder of its own for what people write."""
    root = tmp_path_factory.mktemp("reference")
    save(root, local_reference)
    found = load_settings(Asked(config=bundled("config.yaml"), environment="local"))
    return replace(
        found, root=root, attestations=root / "attestations", waivers=root / "waivers.yaml"
    )


@pytest.fixture(scope="session")
def checklist(settings: Settings) -> Checklist:
    """The bundled checklist."""
    return load_checklist(settings)


@dataclass
class Recorded:
    """The reference account, asked once; every later audit hears the same, or a refusal."""

    settings: Settings
    checklist: Checklist
    local: LocalState
    account: Account = field(default_factory=Account)

    def audit(self, refused: dict[str, str] | None = None) -> Scorecard:
        """Audit the account while it refuses some calls with an error code."""
        return judge(self.facts(refused), self.checklist, self.settings)

    def facts(self, refused: dict[str, str] | None = None) -> FactSet:
        """Gather everything while the account refuses some calls."""
        specs = runner.discover()
        session = open_session(
            {call for spec in specs for call in spec.calls},
            region=self.local.region,
            keys=("test", "test"),
        )
        self.account.refused = refused or {}
        self.account.attach(session)
        aws = AwsReader(session, region=self.local.region, endpoint_url=self.local.emulator_url)
        postgres = PostgresReader(self.local.dsn(self.local.auditor))
        try:
            found = runner.gather(
                specs,
                self.settings,
                aws=aws,
                postgres=postgres,
                schemas=bundled_schemas(self.local.dsn(self.local.auditor), self.local.owner.user),
                clock=lambda: NOW,
                progress=lambda _: None,
            )
        finally:
            aws.close()
            postgres.close()
        target = Target("telehealth", "local", self.local.account_id, self.local.region)
        return FactSet(target, NOW, found, "test", requests=aws.requests)


@pytest.fixture(scope="session")
def recorded(settings: Settings, checklist: Checklist, local_reference: LocalState) -> Recorded:
    """The recorded reference account."""
    return Recorded(settings, checklist, local_reference)


@pytest.fixture(scope="session")
def baseline(recorded: Recorded) -> Scorecard:
    """The audit of the account that refuses nothing."""
    return recorded.audit()


Audit = Callable[[dict[str, str]], Scorecard]


@pytest.fixture
def elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder to work in."""
    monkeypatch.chdir(tmp_path)
    return tmp_path
