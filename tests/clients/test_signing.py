"""What people sign is written so that it reads back as it was given."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from readyctl.clients.people import load_attestations, load_waivers
from readyctl.clients.signing import (
    add_waiver,
    attestation_text,
    find_attestation,
    remove_waiver,
)
from readyctl.model.attestation import Attestation
from readyctl.model.waiver import Waiver

_DIGEST = "ab" * 32
# Everything that can be typed, but for what no YAML can hold.
_TYPED = st.text(
    st.characters(exclude_categories=("Cs", "Cc", "Cn")), min_size=1, max_size=60
).filter(lambda text: bool(text.strip()))


def _waiver(check: str, reason: str = "because", approver: str = "A. Doe") -> Waiver:
    day = date(2026, 11, 22)
    return Waiver(check, reason, approver, day, date(2026, 12, 31), f"sha256:{_DIGEST}")


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(reason=_TYPED, approver=_TYPED)
def test_waiver_reads_back(tmp_path: Path, reason: str, approver: str) -> None:
    """Whatever somebody types is read back as typed, and makes no other key or entry."""
    path = tmp_path / "waivers.yaml"
    path.unlink(missing_ok=True)
    given_waivers = (_waiver("a", reason, approver), _waiver("b"))
    for waiver in given_waivers:
        add_waiver(path, waiver)
    assert load_waivers(path) == given_waivers


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(statement=_TYPED, subject=st.just("") | _TYPED)
def test_attestation_reads_back(tmp_path: Path, statement: str, subject: str) -> None:
    """An attestation is read back as it was signed."""
    day = date(2026, 11, 22)
    signed = Attestation("a", "A. Doe", statement, "all", day, day, "x.pdf", _DIGEST, subject)
    (tmp_path / "a.yaml").write_text(attestation_text(signed), encoding="utf-8")
    assert load_attestations(tmp_path) == (signed,)


@pytest.mark.parametrize("gone", ["a", "b", "c"])
def test_removing_keeps_what_people_wrote(tmp_path: Path, gone: str) -> None:
    """Comments of other entries stay when one goes."""
    path = tmp_path / "waivers.yaml"
    path.write_text("# The board has seen these.\n", encoding="utf-8")
    for name in ("a", "b", "c"):
        add_waiver(path, _waiver(name))
    remove_waiver(path, gone)
    assert path.read_text(encoding="utf-8").startswith("# The board has seen these.\n")


@pytest.mark.parametrize("gone", ["a", "b", "c"])
def test_removing_takes_one_entry(tmp_path: Path, gone: str) -> None:
    """Exactly the entry that was named goes."""
    path = tmp_path / "waivers.yaml"
    for name in ("a", "b", "c"):
        add_waiver(path, _waiver(name))
    remove_waiver(path, gone)
    assert [waiver.check for waiver in load_waivers(path)] == sorted({"a", "b", "c"} - {gone})


def test_list_on_one_line_is_written_anew(tmp_path: Path) -> None:
    """A list in another form than ours is kept in what it says."""
    path = tmp_path / "waivers.yaml"
    fields = (
        "check: a, reason: r, approver: p, created: 2026-11-22, expires: 2026-12-31, "
        f"finding_digest: 'sha256:{_DIGEST}'"
    )
    path.write_text(f"[{{{fields}}}]\n", encoding="utf-8")
    add_waiver(path, _waiver("b"))
    assert [waiver.check for waiver in load_waivers(path)] == ["a", "b"]


def test_attestation_is_found_by_what_it_says(tmp_path: Path) -> None:
    """A file that somebody named otherwise is found too."""
    day = date(2026, 11, 22)
    signed = Attestation("a", "A. Doe", "yes", "all", day, day, "x.pdf", _DIGEST, "Twilio")
    path = tmp_path / "whatever.yaml"
    path.write_text(attestation_text(signed), encoding="utf-8")
    assert find_attestation(tmp_path, "a", "Twilio") == path
