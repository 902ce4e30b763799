"""`readyctl local` and an audit of it, from nothing to a scorecard."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest

from tests.cli.conftest import Project

_CONFIG = """readyctl: 1
system: telehealth
environments:
  here: {provider: local, database: {dsn: "local:"}}
"""


@pytest.fixture
def here(project: Project) -> Project:
    """A project whose only environment is the local one."""
    project.write("config.yaml", _CONFIG)
    return project


@pytest.fixture
def running(here: Project) -> Iterator[Project]:
    """The same, with an empty account up."""
    try:
        assert here.run("local", "up", "--state", "empty").code == 0
        yield here
    finally:
        here.run("local", "down")


def test_audit_without_the_environment_says_how_to_start_it(here: Project) -> None:
    """An environment that is not up is an error with its command."""
    assert "hint: readyctl local up" in here.run("audit").err


def test_status_of_nothing_is_no(here: Project) -> None:
    """`status` answers no while nothing runs."""
    assert here.run("local", "status").code == 1


def test_down_of_nothing_is_done(here: Project) -> None:
    """Ending what does not run is not an error."""
    assert here.run("local", "down").code == 0


@pytest.mark.environment
def test_local_environment_can_be_audited(running: Project) -> None:
    """From nothing: up, audit, a scorecard that says NO-GO, and a gate that is shut."""
    assert running.run("local", "status").code == 0
    assert running.run("audit").code == 1
    card = json.loads((running.root / "scorecard.json").read_text(encoding="utf-8"))
    assert card["data"]["gate"]["verdict"] == "NO-GO"
    assert running.run("launch", "gate").code == 1
