"""An account that cannot be audited: one error, before anything is read."""

from __future__ import annotations

import json
import socket
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from readyctl.local.state import ACCOUNT_ID, LocalState
from tests.cli.conftest import CONFIG, Project, Ran
from tests.fakes.door import Door

pytestmark = [pytest.mark.environment, pytest.mark.xdist_group("reference")]


@pytest.fixture
def door(local_reference: LocalState) -> Iterator[Door]:
    """A door before the reference account that counts what is asked."""
    with Door(local_reference.emulator_url) as door:
        yield door


@pytest.fixture
def audit(project: Project, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Ran]:
    """Audit what answers at an address, as an account, with credentials or without."""

    def run(url: str, account: str = ACCOUNT_ID, *, signed_in: bool = True) -> Ran:
        text = CONFIG.replace("123456789012", account)
        project.write("config.yaml", f"{text}    endpoint_url: {url}\n")
        if signed_in:
            monkeypatch.setenv("AWS_ACCESS_KEY_ID", "AKIAHUNTER2HUNTER2")
            monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "hunter2")
        return project.run("audit")

    return run


def closed() -> str:
    """An address on this machine where nobody listens."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{free.getsockname()[1]}"


def test_another_account_is_not_read(audit: Callable[..., Ran], door: Door) -> None:
    """Credentials of another account than the config names stop after the first question."""
    ran = audit(door.url, "111122223333")
    assert (ran.code, ran.err.startswith("error[E0303]: ")) == (4, True)
    assert [request.operation for request in door.requests] == ["GetCallerIdentity"]


def test_expired_credentials_stop_before_anything_is_read(
    audit: Callable[..., Ran], door: Door
) -> None:
    """Credentials that have ended are one error, and say how to sign in again."""
    door.refuse = lambda _: "ExpiredToken"
    ran = audit(door.url)
    assert (ran.code, ran.err.startswith("error[E0301]: ")) == (4, True)
    assert "sign in again" in ran.err


def test_credentials_that_end_on_the_way_stop_the_audit(
    audit: Callable[..., Ran], door: Door, project: Project
) -> None:
    """Credentials that end in mid-audit make no scorecard at all."""
    door.refuse = lambda request: (
        "ExpiredToken" if request.operation != "GetCallerIdentity" else None
    )
    assert audit(door.url).code == 4
    assert not (project.root / "scorecard.json").exists()


def test_no_credentials(
    audit: Callable[..., Ran], door: Door, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """Without credentials nothing is asked at all."""
    for name in ("AWS_CONFIG_FILE", "AWS_SHARED_CREDENTIALS_FILE"):
        monkeypatch.setenv(name, str(tmp_path / "none"))
    ran = audit(door.url, signed_in=False)
    assert (ran.code, ran.err.startswith("error[E0301]: ")) == (4, True)
    assert door.requests == []


def test_nobody_listens(audit: Callable[..., Ran]) -> None:
    """An endpoint that cannot be reached is one error that names it."""
    url = closed()
    ran = audit(url)
    assert (ran.code, ran.err.startswith("error[E0305]: ")) == (2, True)
    assert url.removeprefix("http://") in ran.err


def test_errors_show_no_credentials(audit: Callable[..., Ran], door: Door) -> None:
    """No error repeats what was used to sign in."""
    door.refuse = lambda _: "SignatureDoesNotMatch"
    ran = audit(door.url)
    assert "hunter2" not in (ran.err + ran.out).lower()


def test_a_denied_list_keeps_the_gate_shut(
    audit: Callable[..., Ran], door: Door, project: Project
) -> None:
    """With lambda:ListFunctions denied the audit ends with no, and names the action."""
    door.refuse = lambda request: (
        "AccessDeniedException" if request.target.startswith("/2015-03-31/functions") else None
    )
    ran = audit(door.url)
    assert (ran.code, "lambda:ListFunctions" in ran.out) == (1, True)
    card = json.loads((project.root / "scorecard.json").read_text(encoding="utf-8"))["data"]
    assert "functions-deployed" in card["gate"]["undecided"]
