"""Tests of the record of the local environment."""

from __future__ import annotations

import stat
from pathlib import Path

import pytest

from readyctl.errors import LocalError
from readyctl.local import state
from readyctl.local.state import Leftovers, LocalState, Login, ProcessRecord

_STATE = LocalState(
    state="reference",
    emulator_url="http://127.0.0.1:4566",
    region="us-east-1",
    account_id="000000000000",
    postgres_host="127.0.0.1",
    postgres_port=5432,
    postgres_dbname="telehealth",
    superuser=Login("admin", "pass-admin"),
    owner=Login("owner", "pass/owner"),
    auditor=Login("auditor", "pass-auditor"),
    processes=(ProcessRecord("PostgreSQL", 4711, "boot:1"),),
    directories=("/somewhere",),
    started_at="2026-01-01T00:00:00+00:00",
)


def test_state_round_trip(tmp_path: Path) -> None:
    """A saved state is loaded as it was."""
    state.save(tmp_path, _STATE)
    assert state.load(tmp_path) == _STATE


def test_state_is_private(tmp_path: Path) -> None:
    """The file that holds the passwords is readable for its owner alone."""
    state.save(tmp_path, _STATE)
    assert stat.S_IMODE(state.state_path(tmp_path).stat().st_mode) == 0o600


def test_no_state(tmp_path: Path) -> None:
    """Without a file there is no environment."""
    assert state.load(tmp_path) is None


def test_leftovers_round_trip(tmp_path: Path) -> None:
    """What a start has made so far is loaded as it was."""
    leftovers = Leftovers(_STATE.processes, _STATE.directories)
    state.save_leftovers(tmp_path, leftovers)
    assert state.load_leftovers(tmp_path) == leftovers


@pytest.mark.parametrize("text", ["{", "[]", "{}", '{"state": "other"}', '{"state": 1}'])
def test_malformed_state(tmp_path: Path, text: str) -> None:
    """A malformed file is an error that names a way out."""
    state.directory(tmp_path).mkdir(parents=True)
    state.state_path(tmp_path).write_text(text, encoding="utf-8")
    with pytest.raises(LocalError) as raised:
        state.load(tmp_path)
    assert "readyctl local down" in raised.value.hint


def test_repr_has_no_password() -> None:
    """The passwords do not show when a state is printed."""
    assert "pass" not in repr(_STATE)


def test_dsn_quotes() -> None:
    """A connection URL quotes what a URL would misread."""
    assert _STATE.dsn(_STATE.owner) == "postgresql://owner:pass%2Fowner@127.0.0.1:5432/telehealth"
