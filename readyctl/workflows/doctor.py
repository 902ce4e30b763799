"""Checks that readyctl can work here: what is cheap first, each failure with its remedy."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import partial

from readyctl.clients.manifest import load_manifest
from readyctl.clients.people import load_attestations, load_waivers
from readyctl.config.environment import Settings
from readyctl.errors import ReadyctlError
from readyctl.gather.runner import discover
from readyctl.workflows.check import failures
from readyctl.workflows.checklist import load_checklist
from readyctl.workflows.connect import open_aws, open_postgres


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
        for name, examination in _EXAMINATIONS:
            yield _tried(name, partial(examination, settings))


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
    state = State.WARNING if text.startswith("!") else State.OK
    return Diagnosis(state, text.removeprefix("!"))


def _manifest(settings: Settings) -> str:
    manifest = load_manifest(settings.manifest)
    return f"manifest {settings.manifest.name}, {len(manifest.functions)} functions"


def _checks(settings: Settings) -> str:
    checklist = load_checklist(settings)
    specs = {spec.name: spec for spec in discover()}
    failed = [failure for check in checklist.checks for failure in failures(check, specs)]
    if failed:
        names = ", ".join(sorted({failure.check for failure in failed}))
        return f"!checks: examples do not hold: {names} (readyctl check test)"
    return f"{len(checklist.checks)} checks, all their examples hold"


def _people(settings: Settings) -> str:
    signed, waived = load_attestations(settings.attestations), load_waivers(settings.waivers)
    return f"{len(signed)} attestations, {len(waived)} waivers"


def _account(settings: Settings) -> str:
    open_aws(settings, ()).close()
    return f"account ****{settings.environment.account[-4:]} in {settings.environment.region}"


def _database(settings: Settings) -> str:
    if not settings.environment.database.dsn:
        return "!no database is configured: its checks will stay undecided"
    reader = open_postgres(settings)
    try:
        reader.query("select 1")
    finally:
        reader.close()
    return "database answers"


_EXAMINATIONS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("manifest", _manifest),
    ("checks", _checks),
    ("attestations and waivers", _people),
    ("account", _account),
    ("database", _database),
)
