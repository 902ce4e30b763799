"""`readyctl init`: the first configuration of a system."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Project

_GIVEN = ("--system", "clinic", "--account", "123456789012", "--region", "eu-central-1")


@pytest.fixture
def empty(project: Project) -> Project:
    """A project without a configuration."""
    (project.root / "config.yaml").unlink()
    return project


def test_written_configuration_is_valid(empty: Project) -> None:
    """What `init` writes passes `config validate`, every environment of it."""
    empty.run("init", *_GIVEN, "--no-input")
    assert empty.run("config", "validate").code == 0


def test_account_is_the_one_given(empty: Project) -> None:
    """The account that was given is that of the default environment."""
    empty.run("init", *_GIVEN, "--no-input")
    assert "account: 123456789012" in empty.run("config", "show").out


def test_existing_configuration_is_not_replaced(project: Project) -> None:
    """A configuration that is there stays."""
    before = (project.root / "config.yaml").read_text(encoding="utf-8")
    ran = project.run("init", *_GIVEN, "--no-input")
    after = (project.root / "config.yaml").read_text(encoding="utf-8")
    assert (2, before) == (ran.code, after)


@pytest.mark.parametrize(
    ("option", "value"),
    [(1, "Clinic!"), (3, "12345"), (3, "\uff11" * 12), (5, "mars")],
)
def test_impossible_value_is_refused(empty: Project, option: int, value: str) -> None:
    """A value that cannot be right is refused, and nothing is written."""
    given = [*_GIVEN[:option], value, *_GIVEN[option + 1 :]]
    ran = empty.run("init", *given, "--no-input")
    assert ("E0107" in ran.err, (empty.root / "config.yaml").exists()) == (True, False)


def test_no_input_needs_every_flag(empty: Project) -> None:
    """With --no-input each answer must be given."""
    assert "E0101" in empty.run("init", *_GIVEN[:4], "--no-input").err
