"""`readyctl attest`: who vouches for what, until when, on which evidence."""

from __future__ import annotations

import hashlib

import pytest

from readyctl.clients.people import load_attestations
from tests.cli.conftest import Project

_GIVEN = {
    "--signer": "A. Doe, owner",
    "--statement": "It is signed",
    "--scope": "the account",
    "--evidence": "baa.pdf",
    "--expires": "2027-11-01",
}


def _arguments(**changed: str) -> list[str]:
    options = {**_GIVEN, **{f"--{name}": value for name, value in changed.items()}}
    return [text for pair in options.items() if pair[1] for text in pair]


def _add(project: Project, check: str, *more: str, **changed: str) -> str:
    project.write("baa.pdf", "a contract")
    return project.run("attest", "add", check, *_arguments(**changed), *more, "--yes").err


def test_digest_of_the_evidence_is_computed(project: Project, attested_check: str) -> None:
    """The digest is that of the document's bytes."""
    _add(project, attested_check)
    (entry,) = load_attestations(project.root / "attestations")
    assert hashlib.sha256(b"a contract").hexdigest() == entry.evidence_sha256


def test_evidence_is_named_from_the_root(
    project: Project, attested_check: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A file given from a subfolder is written relative to the project's root."""
    project.write("contracts/baa.pdf", "a contract")
    monkeypatch.chdir(project.root / "contracts")
    project.run("attest", "add", attested_check, *_arguments(), "--yes")
    assert load_attestations(project.root / "attestations")[0].evidence == "contracts/baa.pdf"


def test_attestation_is_listed_as_valid(project: Project, attested_check: str) -> None:
    """What was just signed counts."""
    _add(project, attested_check)
    assert project.run("attest", "list").out.startswith("valid      until 2027-11-01")


def test_changed_evidence_makes_it_stale(project: Project, attested_check: str) -> None:
    """A document that was changed afterwards is no evidence."""
    _add(project, attested_check)
    project.write("baa.pdf", "another contract")
    assert project.run("attest", "list").out.startswith("stale")


@pytest.mark.parametrize(
    "changed",
    [
        {"expires": "2026-11-21"},
        {"expires": "2040-01-01"},
        {"signed": "2026-11-23"},
        {"signed": "2027-01-01", "expires": "2026-12-31"},
    ],
)
def test_impossible_days_are_refused(
    project: Project, attested_check: str, changed: dict[str, str]
) -> None:
    """An attestation that would not count is not written."""
    assert "E0112" in _add(project, attested_check, **changed)


def test_check_decided_by_facts_is_refused(project: Project) -> None:
    """Nobody's word replaces what can be observed."""
    assert "E0110" in _add(project, "vault-locked")


def test_unknown_check_is_refused(project: Project) -> None:
    """A check that does not exist cannot be attested."""
    assert "E0102" in _add(project, "baa-awz")


def test_missing_evidence_is_refused(project: Project, attested_check: str) -> None:
    """A document that is not there is no evidence."""
    assert "E0202" in _add(project, attested_check, evidence="nowhere.pdf")


def test_address_needs_a_digest(project: Project, attested_check: str) -> None:
    """An address is not fetched, so its digest must be given."""
    assert "E0111" in _add(project, attested_check, evidence="https://example.org/baa.pdf")


def test_address_with_digest_is_taken(project: Project, attested_check: str) -> None:
    """An address with the digest of its document is evidence."""
    _add(project, attested_check, evidence="https://example.org/baa.pdf", sha256="ab" * 32)
    assert load_attestations(project.root / "attestations")[0].evidence_sha256 == "ab" * 32


def test_subject_of_a_check_with_subjects_is_needed(project: Project) -> None:
    """A check that is attested for each vendor needs the vendor's name."""
    assert "E0113" in _add(project, "baa-vendors")


def test_subject_of_a_check_without_is_refused(project: Project, attested_check: str) -> None:
    """A check without subjects takes none."""
    assert "E0113" in _add(project, attested_check, subject="Twilio")


def test_each_subject_has_its_file(project: Project) -> None:
    """Two vendors make two files."""
    _add(project, "baa-vendors", subject="Twilio")
    _add(project, "baa-vendors", subject="Stripe")
    names = sorted(path.name for path in (project.root / "attestations").iterdir())
    assert names == ["baa-vendors-stripe.yaml", "baa-vendors-twilio.yaml"]


def test_second_attestation_needs_replace(project: Project, attested_check: str) -> None:
    """What somebody signed is not replaced by accident."""
    _add(project, attested_check)
    assert "E0114" in _add(project, attested_check)


def test_replace_signs_anew(project: Project, attested_check: str) -> None:
    """`--replace` writes the new attestation in the place of the old one."""
    _add(project, attested_check)
    _add(project, attested_check, "--replace", signer="B. Roe")
    assert [e.signer for e in load_attestations(project.root / "attestations")] == ["B. Roe"]


@pytest.mark.parametrize("option", ["signer", "scope", "evidence", "expires"])
def test_without_a_terminal_every_answer_is_a_flag(
    project: Project, attested_check: str, option: str
) -> None:
    """Where nobody can be asked each answer must be given."""
    assert f"the option --{option} is missing" in _add(project, attested_check, **{option: ""})


def test_revoked_attestation_is_gone(project: Project, attested_check: str) -> None:
    """Revoking removes the file."""
    _add(project, attested_check)
    project.run("attest", "revoke", attested_check, "--yes")
    assert load_attestations(project.root / "attestations") == ()


def test_what_is_not_attested_cannot_be_revoked(project: Project, attested_check: str) -> None:
    """Revoking what is not there is an error."""
    assert "E0115" in project.run("attest", "revoke", attested_check, "--yes").err


def test_the_checks_own_statement_is_signed_unless_another_is_given(
    project: Project, attested_check: str
) -> None:
    """Where nobody can be asked, the statement is the one that the check asks for."""
    _add(project, attested_check, statement="")
    (entry,) = load_attestations(project.root / "attestations")
    explained = project.run("explain", attested_check, "--output", "json").out
    assert entry.statement in explained


def test_forbidding_questions_confirms_nothing(project: Project, attested_check: str) -> None:
    """`--no-input` is no consent: without --yes nothing is written."""
    project.write("baa.pdf", "a contract")
    ran = project.run("attest", "add", attested_check, *_arguments(), "--no-input")
    assert "the option --yes is missing" in ran.err
    assert load_attestations(project.root / "attestations") == ()
