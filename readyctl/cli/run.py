"""Runs one command line: errors become messages, answers become exit codes."""

from __future__ import annotations

import os
import sys
import traceback
from collections.abc import Sequence
from contextlib import suppress
from pathlib import Path

import typer

from readyctl.cli.app import app
from readyctl.cli.arguments import global_first
from readyctl.cli.console import Color, ReaderLeft, terminal
from readyctl.cli.errors import internal, redacted, show_error
from readyctl.errors import ExitCode, ReadyctlError, UsageError

_COLORS = frozenset(color.value for color in Color)


def run(arguments: Sequence[str]) -> int:
    """Carry out `arguments` and return the exit code; errors are shown on stderr.

    Raises:
        KeyboardInterrupt: the operator interrupted it.
    """
    ordered = global_first(arguments)
    try:
        command = typer.main.get_command(app)
        answer = command.main(args=ordered, prog_name="readyctl", standalone_mode=False)
    except ReadyctlError as error:
        return _failed(ordered, error)
    except typer.TyperException as error:
        return _failed(ordered, _usage(error))
    except typer.Abort:
        return ExitCode.DECLINED
    except ReaderLeft:
        return _hung_up()
    except Exception as error:  # noqa: BLE001 - the last place that can say it without a traceback
        if _debug(ordered):
            sys.stderr.write(redacted("".join(traceback.format_exception(error))))
        return _failed(ordered, internal(error, Path.cwd()))
    return _code(answer)


def _hung_up() -> int:
    # The answer was not delivered, so it may not be taken for a yes.
    _silence()
    return ExitCode.FAILED


def _silence() -> None:
    # What is left in the buffer cannot go anywhere: Python must not complain when it closes it.
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def _code(answer: object) -> int:
    if answer == ExitCode.INTERRUPTED:
        raise KeyboardInterrupt
    return int(answer) if isinstance(answer, int) else ExitCode.YES


def _failed(arguments: Sequence[str], error: ReadyctlError) -> int:
    color = Color.AUTO
    for name, value in zip(arguments, [*arguments[1:], ""], strict=True):
        wanted = value if name == "--color" else name.removeprefix("--color=")
        color = Color(wanted) if wanted in _COLORS else color
    with suppress(ReaderLeft, ReadyctlError):
        # Where even stderr takes nothing, the exit code has to say it alone.
        show_error(terminal(sys.stderr, os.environ, color, no_input=True), error)
    if error.code == "E0205":
        _silence()
    return error.exit_code


def _usage(error: typer.TyperException) -> UsageError:
    context = getattr(error, "ctx", None)
    path = context.command_path if context else "readyctl"
    text = error.format_message().strip().rstrip(".")
    return UsageError(
        "E0100",
        text[:1].lower() + text[1:] or "the command line is incomplete",
        hint=f"`{path} --help` shows what is possible",
    )


def _debug(arguments: Sequence[str]) -> bool:
    variable = os.environ.get("READYCTL_DEBUG", "")
    return "--debug" in arguments or variable.lower() not in ("", "0", "false", "no")
