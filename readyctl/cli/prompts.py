"""Asks people, when somebody is there to answer."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import partial

import typer

from readyctl.cli.days import parse_day
from readyctl.cli.session import Session
from readyctl.errors import ExitCode, ReadyctlError

# A pasted novel is not an answer.
_LONGEST = 2_000


def ask(
    session: Session,
    given: str | None,
    option: str,
    question: str,
    default: str = "",
    *,
    check: Callable[[str], object] = str,
) -> str:
    """Return the option's value, or the answer to `question` where it was not given.

    The default is for people who press return: without somebody to ask, every value is given.
    What `check` refuses is asked again, so that no other answer is lost by it.

    Raises:
        UsageError: it was not given and nobody can be asked.
        ReadyctlError: `check` refuses what was given.
    """
    if given:
        check(given)
        return given
    if not session.may_ask:
        return session.require(None, option)
    while True:
        session.err.write(f"{question}{f' [{default}]' if default else ''}: ")
        answer = _line()[:_LONGEST].strip() or default
        if not answer:
            continue
        try:
            check(answer)
        except ReadyctlError as error:
            session.err.write(f"  {'; '.join(filter(None, (error.message, error.hint)))}\n")
        else:
            return answer


def ask_day(session: Session, given: str, option: str, question: str, default: str) -> date:
    """Return the day of an option, or of the answer to `question`.

    Raises:
        UsageError: as `ask`; E0106, what was given is not a day.
    """
    check = partial(parse_day, option=option)
    return check(ask(session, given, option, question, default, check=check))


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
