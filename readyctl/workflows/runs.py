"""Keeps the runs of an environment's audits, and finds the last one."""

from __future__ import annotations

from pathlib import Path

from readyctl.clients.files import make_private, read_bytes, read_text, write_text
from readyctl.config.environment import Settings
from readyctl.errors import ConfigError
from readyctl.gather import store
from readyctl.model.fact import FactSet, Target
from readyctl.model.scorecard import Scorecard
from readyctl.report.json import scorecard_from_json, scorecard_json
from readyctl.report.words import masked_account

FACTS = "facts.json"
SCORECARD = "scorecard.json"


def save_run(settings: Settings, facts: FactSet, card: Scorecard) -> Path:
    """Keep a run, make it the last one, and return its folder; only its owner can read it."""
    environment = settings.environment.name
    folder = _runs(settings) / f"{facts.gathered_at:%Y%m%dT%H%M%SZ}-{environment}"
    write_text(settings.root / ".readyctl" / ".gitignore", "*\n")
    make_private(_runs(settings))
    write_text(folder / FACTS, store.dump(facts).decode(), mode=0o600)
    write_text(folder / SCORECARD, scorecard_json(card).decode(), mode=0o600)
    # Last: a run that was not written as a whole is never the last one.
    write_text(_runs(settings) / "latest", folder.name + "\n")
    return folder


def last_run_folder(settings: Settings) -> Path:
    """Return the folder of the last run.

    Raises:
        ConfigError: E0250, there is none.
    """
    pointer = _runs(settings) / "latest"
    name = read_text(pointer).strip() if pointer.is_file() else ""
    if not name or Path(name).name != name:
        raise ConfigError(
            "E0250",
            "there is no audit to rest on",
            where=str(pointer),
            hint="run `readyctl audit` first",
        )
    return pointer.with_name(name)


def last_scorecard(settings: Settings) -> Scorecard:
    """Return the scorecard of the last run, which must be of the environment that is meant.

    Raises:
        ConfigError: E0250, there is none; E0251, it is of another environment or system; E0230,
            it cannot be read.
    """
    path = last_run_folder(settings) / SCORECARD
    card = scorecard_from_json(read_bytes(path), where=str(path))
    found, wanted = card.header.target, settings.environment
    meant = Target(settings.system, wanted.name, wanted.account, wanted.region)
    if found != meant:
        raise ConfigError(
            "E0251",
            f"the last audit was of {_named(found)}",
            cause=f"{_named(meant)} is meant",
            where=str(path),
            hint=f"readyctl audit --env {wanted.name}",
        )
    return card


def _named(target: Target) -> str:
    account = masked_account(target.account)
    return f"{target.system} / {target.environment}, account {account}, {target.region}"


def _runs(settings: Settings) -> Path:
    return settings.root / ".readyctl" / "runs"
