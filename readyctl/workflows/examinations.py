"""Looks at each part that readyctl stands on; what is cheap comes first."""

from __future__ import annotations

from collections.abc import Callable

from readyctl.clients.manifest import load_manifest
from readyctl.clients.people import load_attestations, load_waivers
from readyctl.config.environment import Settings
from readyctl.gather.runner import discover
from readyctl.report.words import plural
from readyctl.workflows.check import failures
from readyctl.workflows.checklist import load_checklist
from readyctl.workflows.connect import open_aws
from readyctl.workflows.databases import open_postgres

# Before a sentence about something that works, and could be better.
WARNING = "!"


def _manifest(settings: Settings) -> str:
    manifest = load_manifest(settings.manifest)
    return f"manifest {settings.manifest.name}, {plural(len(manifest.functions), 'function')}"


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
    return f"{plural(len(signed), 'attestation')}, {plural(len(waived), 'waiver')}"


def _local_parts(settings: Settings) -> str:
    if settings.environment.provider != "local":
        return ""
    from readyctl.local import binaries, emulator
    from readyctl.local.environment import status

    emulator.find(settings.root)
    binaries.find()
    condition = status(settings.root).condition
    return f"{'' if condition == 'running' else '!'}local environment: installed, {condition}"


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


EXAMINATIONS: tuple[tuple[str, Callable[[Settings], str]], ...] = (
    ("manifest", _manifest),
    ("checks", _checks),
    ("attestations and waivers", _people),
    ("local environment", _local_parts),
    ("account", _account),
    ("database", _database),
)
