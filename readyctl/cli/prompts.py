"""Asks people, when somebody is there to answer."""

from __future__ import annotations

import sys

import typer

from readyctl.cli.session import Session
from readyctl.errors import ExitCode

# A pasted novel is not an answer.
_LONGEST = 2_000


def ask(session: Session, given: str | None, option: str, question: str, default: str = "") -> str:
    """Return the option's value, or the answer to `question` where it was not given.

    The default is for people who press return: without somebody to ask, every value is given.

    Raises:
        UsageError: it was not given and nobody can be asked.
    """
    if given:
        return given
    if not session.may_ask:
        return session.require(None, option)
    while True:
        session.err.write(f"{question}{f' [{default}]' if default else ''}: ")
        answer = _line()[:_LONGEST].strip() or default
        if answer:
            return answer


def confirmed(session: Session, question: str, *, assume: bool) -> None:
    """Go on only if the question is answered with yes; to forbid questions is no answer.

    Raises:
        UsageError: nobody can be asked.
        typer.Exit: declined (exit code 3).
    """
    if assume:
        return
    if not session.may_ask:
        session.require(None, "--yes")
    session.err.write(f"{question} Only `yes` is taken as yes: ")
    if _line().strip().lower() == "yes":
        return
    session.err.write("Nothing was written.\n")
    raise typer.Exit(ExitCode.DECLINED)


def _line() -> str:
    line = sys.stdin.readline()
    if not line:
        raise typer.Exit(ExitCode.DECLINED)
    return line
