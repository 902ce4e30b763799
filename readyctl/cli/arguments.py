"""Lets the global options stand anywhere in a command line, before or after the command."""

from __future__ import annotations

import re
from collections.abc import Sequence

_WITH_VALUE = ("--config", "--env", "--color")
_FLAGS = ("--quiet", "--verbose", "--no-input", "--debug")
_SHORT = re.compile(r"-(q{1,2}|v{1,3})")


def global_first(arguments: Sequence[str]) -> list[str]:
    """Return the arguments with the global options in front, in their order.

    Nothing behind `--` is touched.
    """
    ahead: list[str] = []
    others: list[str] = []
    rest = list(arguments)
    while rest:
        argument = rest.pop(0)
        if argument == "--":
            others += [argument, *rest]
            break
        if argument in _WITH_VALUE:
            ahead += [argument, *rest[:1]]
            del rest[:1]
        elif _is_global(argument):
            ahead.append(argument)
        else:
            others.append(argument)
    return ahead + others


def _is_global(argument: str) -> bool:
    name, equals, _ = argument.partition("=")
    if equals:
        return name in _WITH_VALUE
    return argument in _FLAGS or _SHORT.fullmatch(argument) is not None
