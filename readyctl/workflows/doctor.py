"""Checks that readyctl can work here: what is cheap first, each failure with its remedy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from readyctl.config.environment import Settings
from readyctl.errors import ReadyctlError
from readyctl.workflows.examinations import EXAMINATIONS, WARNING


class State(StrEnum):
    """How a part of readyctl's footing is; `crash` is a defect of the examination itself."""

    OK = "ok"
    WARNING = "warning"
    FAILED = "failed"
    CRASH = "crash"


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """One line of the doctor: what was found, and what to do about it."""

    state: State
    text: str
    remedy: str = ""
    exit_code: int = 1


def examine(load: Callable[[], Settings]) -> Iterator[Diagnosis]:
    """Yield one diagnosis for each part; what needs settings is left out without them."""
    yield Diagnosis(State.OK, f"Python {'.'.join(map(str, sys.version_info[:3]))}")
    found: list[Settings] = []

    def configuration() -> str:
        settings = load()
        found.append(settings)
        return f"configuration {settings.file}, environment {settings.environment.name}"

    yield _tried("configuration", configuration)
    for settings in found:
        for name, examination in EXAMINATIONS:
            diagnosis = _tried(name, partial(examination, settings))
            if diagnosis.text:
                yield diagnosis


def _tried(name: str, look: Callable[[], str]) -> Diagnosis:
    try:
        text = look()
    except ReadyctlError as error:
        cause = f" ({error.cause.splitlines()[0]})" if error.cause else ""
        remedy = error.hint or f"readyctl explain {error.code}"
        text = f"{name}: {error.message}{cause}  [{error.code}]"
        return Diagnosis(State.FAILED, text, remedy, error.exit_code)
    except Exception as error:  # noqa: BLE001 - one broken examination must not hide the others
        return Diagnosis(State.CRASH, f"{name}: {type(error).__name__}", "report it as a defect")
    state = State.WARNING if text.startswith(WARNING) else State.OK
    return Diagnosis(state, text.removeprefix(WARNING))
