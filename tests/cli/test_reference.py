"""The reference in docs/ says what the application does, and leaves nothing out."""

from __future__ import annotations

import pytest

from readyctl.cli.reference import commands, pages
from readyctl.resources import bundled

_COMMANDS = dict(commands())
_PARAMETERS = [
    (path, parameter.name)
    for path, command in _COMMANDS.items()
    for parameter in command.params
    if parameter.name not in ("install_completion", "show_completion")
]


@pytest.mark.parametrize("name", sorted(pages()))
def test_page_is_fresh(name: str) -> None:
    """The committed page is what the application says today; `make docs` writes it."""
    assert pages()[name] == bundled("docs", name).read_text(encoding="utf-8")


@pytest.mark.parametrize("path", _COMMANDS)
def test_command_has_help(path: str) -> None:
    """Every command and group says what it is for."""
    assert _COMMANDS[path].help


@pytest.mark.parametrize(("path", "name"), _PARAMETERS)
def test_parameter_has_help(path: str, name: str) -> None:
    """Every option and argument says what it is for."""
    (parameter,) = (p for p in _COMMANDS[path].params if p.name == name)
    assert parameter.help


def test_commands_of_this_release_are_there() -> None:
    """The words of the design that this release has are commands, and no others are."""
    top = {path.split()[1] for path in _COMMANDS if " " in path}
    assert top == {
        "init",
        "doctor",
        "audit",
        "explain",
        "check",
        "facts",
        "migrate",
        "report",
        "attest",
        "waive",
        "launch",
        "local",
        "config",
    }
