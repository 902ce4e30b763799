"""A small project to run commands in, without a network and with a fixed day."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from readyctl import __version__
from readyctl.__main__ import main
from readyctl.gather.store import dump
from readyctl.model.fact import Fact, FactSet, Provenance, Target
from readyctl.model.json import Json
from readyctl.resources import bundled

TODAY = date(2026, 11, 22)
GATHERED = datetime(2020, 1, 2, 3, 4, 5, tzinfo=UTC)
CONFIG = """readyctl: 1
system: clinic
environments:
  production:
    account: "123456789012"
    region: us-east-1
"""
# A blocker over a fact with one field, so that a test can decide it either way.
CHECK = """id: vault-locked
title: The vault is locked
fail_title: "{failed} of {total} vaults are open"
category: compliance
severity: blocker
why: Whoever finds an open vault reads what is in it.
facts: [backup_plans]
select: backup_plans
require: {path: name, op: equals, value: locked}
fix: {summary: Lock it.}
effort: [1, 2]
examples:
  - {status: pass, facts: {backup_plans: [{name: locked}]}}
  - {status: fail, facts: {backup_plans: [{name: ajar}]}}
  - {status: open, facts: {backup_plans: null}}
"""


@dataclass(frozen=True)
class Ran:
    """What a command answered."""

    code: int
    out: str
    err: str


@dataclass(frozen=True)
class Project:
    """A folder with a configuration, and the commands run in it."""

    root: Path
    capture: pytest.CaptureFixture[str]

    def run(self, *arguments: str) -> Ran:
        """Run one command line."""
        self.capture.readouterr()
        code = main(list(arguments))
        captured = self.capture.readouterr()
        return Ran(code, captured.out, captured.err)

    def write(self, name: str, text: str) -> Path:
        """Write a file of the project."""
        path = self.root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
        return path

    def facts(self, values: Mapping[str, Json], name: str = "facts.json") -> Path:
        """Save facts of the production environment."""
        return self.write(name, dump(fact_set(values)).decode())

    def audited(self, vault: str = "ajar") -> None:
        """Keep a run in which the vault is as given, and all else undecided."""
        from readyctl.workflows.audit import judge
        from readyctl.workflows.checklist import load_checklist
        from readyctl.workflows.runs import save_run
        from readyctl.workflows.settings import Asked, load_settings

        settings = load_settings(Asked())
        facts = fact_set({"backup_plans": [{"name": vault}]})
        save_run(settings, facts, judge(facts, load_checklist(settings), settings))


def fact_set(values: Mapping[str, Json]) -> FactSet:
    """Return facts of the production environment, gathered at a fixed time."""
    place = Provenance("test", "123456789012", "us-east-1", GATHERED)
    facts = {name: Fact(name, value, place) for name, value in values.items()}
    target = Target("clinic", "production", "123456789012", "us-east-1")
    return FactSet(target, GATHERED, facts, __version__)


@pytest.fixture
def project(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Project:
    """A project with one environment of AWS and one check of its own."""
    for name in list(os.environ):
        ours = name.startswith(("READYCTL_", "AWS_", "XDG_", "LC_")) or name in _SCRUBBED
        if ours and name != "READYCTL_EMULATOR":
            monkeypatch.delenv(name)
    home = tmp_path / "home"
    root = tmp_path / "project"
    root.mkdir()
    home.mkdir()
    monkeypatch.setenv("HOME", str(home))
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    monkeypatch.chdir(root)
    monkeypatch.setattr("readyctl.cli.attest.today", lambda: TODAY)
    monkeypatch.setattr("readyctl.cli.waive.today", lambda: TODAY)
    made = Project(root, capsys)
    made.write("config.yaml", CONFIG)
    made.write("checks/compliance/vault-locked.yaml", CHECK)
    return made


_SCRUBBED = ("NO_COLOR", "FORCE_COLOR", "COLUMNS", "LANG", "CI", "TERM")


@pytest.fixture
def attested_check() -> str:
    """A bundled check that people attest, without subjects."""
    assert bundled("checks", "compliance", "baa-aws.yaml").is_file()
    return "baa-aws"
