"""`readyctl waive`: exactly the finding of the last audit, for a while, with a name."""

from __future__ import annotations

import io
from collections.abc import Callable

import pytest

from readyctl.clients.people import load_waivers
from readyctl.evaluate.waivers import finding_digest
from readyctl.workflows.runs import last_scorecard
from readyctl.workflows.settings import Asked, load_settings
from tests.cli.conftest import TODAY, Project

_GIVEN = ("--reason", "Moved next week", "--approver", "A. Doe, owner", "--expires", "2026-12-22")


def _add(project: Project, *arguments: str) -> int:
    return project.run("waive", "add", "vault-locked", *(arguments or _GIVEN), "--yes").code


def test_waiver_carries_the_digest_of_the_finding(project: Project) -> None:
    """What is accepted is the finding of the last audit, and no other."""
    project.audited()
    _add(project)
    (waiver,) = load_waivers(project.root / "waivers.yaml")
    card = last_scorecard(load_settings(Asked()))
    (finding,) = (found for found in card.findings if found.check == "vault-locked")
    assert finding_digest(finding) == waiver.finding_digest


def test_waiver_begins_today(project: Project) -> None:
    """A waiver is dated with the day on which it was given."""
    project.audited()
    _add(project)
    assert load_waivers(project.root / "waivers.yaml")[0].created == TODAY


def test_passing_finding_needs_no_waiver(project: Project) -> None:
    """A finding that passes is refused."""
    project.audited("locked")
    assert "E0120" in project.run("waive", "add", "vault-locked", *_GIVEN, "--yes").err


@pytest.mark.parametrize("day", ["2027-02-21", "2026-11-21"])
def test_end_outside_of_90_days_is_refused(project: Project, day: str) -> None:
    """A waiver ends today at the earliest and in 90 days at the latest."""
    project.audited()
    arguments = (*_GIVEN[:-1], day, "--yes")
    assert "E0121" in project.run("waive", "add", "vault-locked", *arguments).err


@pytest.mark.parametrize("day", ["2027-02-20", "2026-11-22"])
def test_end_within_90_days_is_taken(project: Project, day: str) -> None:
    """The first and the last possible day are taken."""
    project.audited()
    assert _add(project, *_GIVEN[:-1], day) == 0


@pytest.mark.parametrize("missing", [0, 2, 4])
def test_without_a_terminal_every_answer_is_a_flag(project: Project, missing: int) -> None:
    """Where nobody can be asked each of the three answers must be given."""
    project.audited()
    ran = project.run(
        "waive", "add", "vault-locked", *_GIVEN[:missing], *_GIVEN[missing + 2 :], "--yes"
    )
    assert f"the option {_GIVEN[missing]} is missing" in ran.err


def test_second_waiver_is_refused(project: Project) -> None:
    """One check has one waiver."""
    project.audited()
    _add(project)
    assert _add(project) == 2


def test_replace_gives_a_new_waiver(project: Project) -> None:
    """`--replace` puts the new waiver in the place of the old one."""
    project.audited()
    _add(project)
    _add(project, *_GIVEN[:-1], "2027-01-31", "--replace")
    ends = [waiver.expires.isoformat() for waiver in load_waivers(project.root / "waivers.yaml")]
    assert ends == ["2027-01-31"]


def test_adding_keeps_comments_and_order(project: Project) -> None:
    """What people wrote into the list stays as it is."""
    project.audited()
    _add(project)
    text = "# The board has seen these.\n" + project.root.joinpath("waivers.yaml").read_text()
    project.write("waivers.yaml", text)
    project.run("waive", "add", "baa-aws", *_GIVEN, "--yes")
    assert project.root.joinpath("waivers.yaml").read_text().startswith(text)


def test_revoking_leaves_the_others(project: Project) -> None:
    """Only the entry that was named goes."""
    project.audited()
    _add(project)
    project.run("waive", "add", "baa-aws", *_GIVEN, "--yes")
    project.run("waive", "revoke", "vault-locked", "--yes")
    assert [waiver.check for waiver in load_waivers(project.root / "waivers.yaml")] == ["baa-aws"]


def test_revoking_the_last_leaves_a_valid_file(project: Project) -> None:
    """A list without entries is still a list of waivers."""
    project.audited()
    _add(project)
    project.run("waive", "revoke", "vault-locked", "--yes")
    assert load_waivers(project.root / "waivers.yaml") == ()


def test_what_is_not_waived_cannot_be_revoked(project: Project) -> None:
    """Revoking what is not there is an error."""
    assert "E0123" in project.run("waive", "revoke", "vault-locked", "--yes").err


def test_list_shows_approver_and_end(project: Project) -> None:
    """`waive list` shows who accepted what, and until when."""
    project.audited()
    _add(project)
    assert "until 2026-12-22  vault-locked  A. Doe, owner" in project.run("waive", "list").out


def test_declined_is_3_and_writes_nothing(
    project: Project, answering: Callable[[str], None]
) -> None:
    """Whoever does not say yes has declined, and nothing is written."""
    project.audited()
    answering("no\n")
    code = project.run("waive", "add", "vault-locked", *_GIVEN).code
    assert (code, (project.root / "waivers.yaml").exists()) == (3, False)


def test_answers_are_taken_from_a_terminal(
    project: Project, answering: Callable[[str], None]
) -> None:
    """What was not given is asked for; return takes the default."""
    project.audited()
    answering("Moved\nA. Doe\n\nyes\n")
    project.run("waive", "add", "vault-locked")
    (waiver,) = load_waivers(project.root / "waivers.yaml")
    assert (
        waiver.reason,
        waiver.approver,
        waiver.expires.isoformat(),
    ) == ("Moved", "A. Doe", "2026-12-22")


def test_end_of_input_is_declined(project: Project, answering: Callable[[str], None]) -> None:
    """Whoever closes the terminal has declined."""
    project.audited()
    answering("")
    assert project.run("waive", "add", "vault-locked").code == 3


def test_confirmation_needs_somebody(project: Project) -> None:
    """Where nobody can confirm, --yes must be given."""
    project.audited()
    assert "--yes" in project.run("waive", "add", "vault-locked", *_GIVEN).err


class _Typed(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.fixture
def answering(monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Put somebody at the terminal who types what is given."""
    return lambda text: monkeypatch.setattr("sys.stdin", _Typed(text))
