"""Tests of reading attestations and waivers."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from readyctl.clients.people import load_attestations, load_waivers
from readyctl.errors import ConfigError
from readyctl.model.attestation import Attestation
from readyctl.model.waiver import Waiver

ATTESTATION = {
    "check": "baa-vendors",
    "subject": "Twilio",
    "signer": "J. Doe, owner",
    "statement": "An agreement is in force.",
    "scope": "Twilio Video and Messaging",
    "signed": "2026-01-31",
    "expires": "2027-01-30",
    "evidence": "docs/twilio.pdf",
    "evidence_sha256": "a" * 64,
}
WAIVER = {
    "check": "aurora-reader",
    "reason": "One zone is enough until May.",
    "approver": "J. Doe, owner",
    "created": "2026-01-31",
    "expires": "2026-03-31",
    "finding_digest": "sha256:" + "b" * 64,
}


def _yaml(values: dict[str, str]) -> str:
    return "".join(f"{key}: '{value}'\n" for key, value in values.items())


def _listed(*waivers: dict[str, str]) -> str:
    return "".join("- " + _yaml(waiver).strip().replace("\n", "\n  ") + "\n" for waiver in waivers)


def _attestation_error(folder: Path, values: dict[str, str]) -> ConfigError:
    (folder / "a.yaml").write_text(_yaml(values))
    with pytest.raises(ConfigError) as caught:
        load_attestations(folder)
    return caught.value


def _waiver_error(path: Path, text: str) -> ConfigError:
    path.write_text(text)
    with pytest.raises(ConfigError) as caught:
        load_waivers(path)
    return caught.value


def test_attestation(tmp_path: Path) -> None:
    """An attestation is read with its days."""
    (tmp_path / "a.yaml").write_text(_yaml(ATTESTATION))
    assert load_attestations(tmp_path) == (
        Attestation(
            check="baa-vendors",
            subject="Twilio",
            signer="J. Doe, owner",
            statement="An agreement is in force.",
            scope="Twilio Video and Messaging",
            signed=date(2026, 1, 31),
            expires=date(2027, 1, 30),
            evidence="docs/twilio.pdf",
            evidence_sha256="a" * 64,
        ),
    )


@pytest.mark.parametrize("name", [name for name in ATTESTATION if name != "subject"])
def test_attestation_is_complete(tmp_path: Path, name: str) -> None:
    """Without signer, date, scope, evidence or its digest an attestation is malformed."""
    values = {key: value for key, value in ATTESTATION.items() if key != name}
    error = _attestation_error(tmp_path, values)
    assert (error.code, error.where) == ("E0212", f"{tmp_path}/a.yaml:1")
    assert f'lacks "{name}"' in error.message


@pytest.mark.parametrize(
    ("name", "value", "line"),
    [("signer", " ", 3), ("signed", "2026-02-30", 6), ("evidence_sha256", "abc", 9)],
)
def test_attestation_is_meaningful(tmp_path: Path, name: str, value: str, line: int) -> None:
    """A blank name, an impossible day and a wrong digest are refused where they stand."""
    error = _attestation_error(tmp_path, {**ATTESTATION, name: value})
    assert error.where == f"{tmp_path}/a.yaml:{line}"


def test_attestation_ends_after_it_begins(tmp_path: Path) -> None:
    """An attestation that expires before it is signed is refused."""
    error = _attestation_error(tmp_path, {**ATTESTATION, "expires": "2026-01-30"})
    assert "expires before it begins" in error.message


def test_no_attestations(tmp_path: Path) -> None:
    """A folder that is not there holds no attestation."""
    assert load_attestations(tmp_path / "none") == ()


def test_waivers(tmp_path: Path) -> None:
    """Waivers are read with their days."""
    (tmp_path / "w.yaml").write_text(_listed(WAIVER))
    assert load_waivers(tmp_path / "w.yaml") == (
        Waiver(
            check="aurora-reader",
            reason="One zone is enough until May.",
            approver="J. Doe, owner",
            created=date(2026, 1, 31),
            expires=date(2026, 3, 31),
            finding_digest="sha256:" + "b" * 64,
        ),
    )


@pytest.mark.parametrize("text", [None, "", "[]"])
def test_no_waivers(tmp_path: Path, text: str | None) -> None:
    """A missing or empty file holds no waiver."""
    if text is not None:
        (tmp_path / "w.yaml").write_text(text)
    assert load_waivers(tmp_path / "w.yaml") == ()


def test_waiver_says_why(tmp_path: Path) -> None:
    """A waiver without a reason is refused, with its line."""
    error = _waiver_error(tmp_path / "w.yaml", _listed(WAIVER, {**WAIVER, "reason": ""}))
    assert (error.code, error.where) == ("E0213", f"{tmp_path}/w.yaml:8")


def test_waived_once(tmp_path: Path) -> None:
    """Two waivers of one check contradict each other."""
    error = _waiver_error(tmp_path / "w.yaml", _listed(WAIVER, WAIVER))
    assert error.message == "aurora-reader is waived twice"


def test_waiver_ends_after_it_begins(tmp_path: Path) -> None:
    """A waiver that expires before it begins is refused."""
    error = _waiver_error(tmp_path / "w.yaml", _listed({**WAIVER, "expires": "2026-01-30"}))
    assert error.where == f"{tmp_path}/w.yaml:5"


@given(
    name=st.sampled_from(sorted(WAIVER)),
    value=st.one_of(st.text(max_size=20), st.integers(), st.none(), st.lists(st.integers())),
)
def test_any_value(tmp_path_factory: pytest.TempPathFactory, name: str, value: object) -> None:
    """Whatever stands in a waiver, it is read or refused as a ConfigError."""
    import json

    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_text(json.dumps([{**WAIVER, name: value}], ensure_ascii=True))
    try:
        load_waivers(path)
    except ConfigError:
        return
