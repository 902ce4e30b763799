"""Notes: drafts, signatures, and the co-signature that trainees need."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from typing import Any

import pytest

from backend.functions.notes import cosignature_status_monitor, supervision_notifications
from backend.runtime.jobs import JobFailed
from tests.backend.conftest import Answer, Backend
from tests.backend.people import identifier, practice_id
from tests.backend.services import Services
from tests.backend.ticks import TICK

pytestmark = pytest.mark.environment

DRAFT, PENDING, SIGNED = (identifier("6", which) for which in "123")
CLIENT, APPOINTMENT = identifier("2", "1"), identifier("3", "1")


def call(backend: Backend, name: str, subject: str, note: str, **body: Any) -> Answer:
    """Call a function of one note."""
    path = {"id": note}
    return backend.call(f"notes/{name}", subject, pathParameters=path, body={"version": 1, **body})


def trainees_draft(backend: Backend) -> str:
    """A draft of the trainee's own."""
    backend.run(
        "insert into care_team_members (practice_id, client_id, user_id)"
        f" values ('{practice_id(1)}', '{CLIENT}', '{identifier('1', '7')}')"
    )
    body = {"client_id": CLIENT, "kind": "progress", "sections": {"plan": "rest"}}
    made: str = backend.call("notes/create-note", "trainee", body=body).body["id"]
    return made


def events(backend: Backend, name: str) -> list[dict[str, str]]:
    """What the outbox has of an event, but for the row that was there before."""
    rows = backend.rows(
        f"select detail from outbox where event = '{name}' and detail <> '{{}}' order by position"
    )
    return [row[0] for row in rows]


def test_a_note_is_due_some_days_after_the_session(backend: Backend) -> None:
    """The deadline is the practice's setting, from the end of the appointment."""
    body = {"client_id": CLIENT, "kind": "progress", "appointment_id": APPOINTMENT}
    made = backend.call("notes/create-note", "host", body=body).body
    assert (made["due_at"], made["status"]) == ("2026-01-08T16:00:00Z", "draft")


def test_a_note_is_of_an_appointment_of_its_client(backend: Backend) -> None:
    """Another client's appointment is not there."""
    other = identifier("3", "1", practice=2)
    body = {"client_id": CLIENT, "kind": "progress", "appointment_id": other}
    assert backend.call("notes/create-note", "host", body=body).status == 404


def test_diagnoses_keep_their_order(backend: Backend) -> None:
    """The first diagnosis is the main one."""
    codes = ["F43.10", "F41.1"]
    body = {"client_id": CLIENT, "kind": "intake", "diagnoses": codes}
    assert backend.call("notes/create-note", "host", body=body).body["diagnoses"] == codes


def test_a_diagnosis_that_nobody_knows_is_refused(backend: Backend) -> None:
    """A code that is not in the list of codes is a conflict, and no note is made."""
    body = {"client_id": CLIENT, "kind": "intake", "diagnoses": ["F99.9"]}
    assert backend.call("notes/create-note", "host", body=body).status == 409


def test_each_text_is_kept_as_a_version(backend: Backend) -> None:
    """What a note said before each change can be read afterwards."""
    for version, text in enumerate(("a", "b"), start=1):
        call(backend, "update-note", "host", DRAFT, version=version, sections={"plan": text})
    note = backend.call("notes/get-note", "host", pathParameters={"id": DRAFT}).body
    assert note["sections"] == {"plan": "b"}
    kept = [entry["sections"] for entry in note["versions"] if entry["version"] > 0]
    assert kept == [{"subjective": "s"}, {"plan": "a"}]


def test_a_signed_note_is_locked(backend: Backend) -> None:
    """Signing puts a name to a text, by its digest; nothing changes it afterwards."""
    note = call(backend, "sign-note", "host", DRAFT).body
    assert (note["status"], note["locked_at"] is not None) == ("locked", True)
    digest = hashlib.sha256(b'{"subjective":"s"}').hexdigest()
    assert [(entry["kind"], entry["sections_sha256"]) for entry in note["signatures"]] == [
        ("author", digest)
    ]
    change = call(
        backend, "update-note", "host", DRAFT, version=note["version"], sections={"plan": "x"}
    )
    assert change.status == 409


def test_a_note_is_signed_once(backend: Backend) -> None:
    """A second signature is a conflict."""
    version = call(backend, "sign-note", "host", DRAFT).body["version"]
    assert call(backend, "sign-note", "host", DRAFT, version=version).status == 409


def test_an_empty_note_is_not_signed(backend: Backend) -> None:
    """There is nothing to put a name to."""
    version = call(backend, "update-note", "host", DRAFT, sections={"plan": " "}).body["version"]
    assert call(backend, "sign-note", "host", DRAFT, version=version).status == 409


def test_a_version_that_was_not_seen_is_not_signed(backend: Backend) -> None:
    """Whoever signs has read what they sign."""
    call(backend, "update-note", "host", DRAFT, sections={"plan": "new"})
    assert call(backend, "sign-note", "host", DRAFT).status == 409


def test_a_trainees_note_waits(backend: Backend) -> None:
    """It is signed, waits for the supervisor, and somebody is to be told."""
    draft = trainees_draft(backend)
    note = call(backend, "sign-note", "trainee", draft).body
    assert (note["status"], note["cosignature_due_at"] is not None) == ("pending_cosignature", True)
    assert events(backend, "cosignature.changed") == [{"note_id": draft, "state": "pending"}]


def test_a_trainee_without_supervisor_cannot_sign(backend: Backend) -> None:
    """Nobody could co-sign it."""
    draft = trainees_draft(backend)
    backend.run(
        "update users set supervisor_id = null, version = version where subject = 'trainee'"
    )
    assert call(backend, "sign-note", "trainee", draft).status == 409


def test_an_approved_note_is_locked_with_both_names(backend: Backend) -> None:
    """Author and supervisor signed the same text."""
    draft = trainees_draft(backend)
    version = call(backend, "sign-note", "trainee", draft).body["version"]
    note = call(
        backend, "cosignature-workflow", "supervisor", draft, version=version, action="approve"
    ).body
    assert note["status"] == "locked"
    assert [entry["kind"] for entry in note["signatures"]] == ["author", "cosigner"]
    assert len({entry["sections_sha256"] for entry in note["signatures"]}) == 1


def test_a_returned_note_is_changed_and_signed_again(backend: Backend) -> None:
    """The author reads the comment, changes the text, and signs anew."""
    draft = trainees_draft(backend)
    version = call(backend, "sign-note", "trainee", draft).body["version"]
    returned = call(
        backend,
        "cosignature-workflow",
        "supervisor",
        draft,
        version=version,
        action="return",
        comment="more",
    ).body
    assert (returned["status"], returned["reviews"][0]["comment"]) == ("returned", "more")
    changed = call(
        backend,
        "update-note",
        "trainee",
        draft,
        version=returned["version"],
        sections={"plan": "more rest"},
    ).body
    again = call(backend, "sign-note", "trainee", draft, version=changed["version"]).body
    assert again["status"] == "pending_cosignature"
    assert len({entry["sections_sha256"] for entry in again["signatures"]}) == 2


def test_to_return_needs_a_comment(backend: Backend) -> None:
    """The author is told what to change."""
    answer = call(backend, "cosignature-workflow", "supervisor", PENDING, action="return")
    assert answer.status == 400


@pytest.mark.parametrize(
    ("subject", "action", "status"),
    [
        ("trainee", "approve", 404),
        ("trainee", "remind", 200),
        ("supervisor", "remind", 404),
        ("host", "approve", 404),
        ("admin", "approve", 403),
    ],
)
def test_who_takes_which_step(backend: Backend, subject: str, action: str, status: int) -> None:
    """The supervisor decides, the author reminds, administrators read."""
    answer = call(backend, "cosignature-workflow", subject, PENDING, action=action)
    assert answer.status == status


@pytest.mark.parametrize("action", ["approve", "return"])
def test_what_does_not_wait_is_not_decided(backend: Backend, action: str) -> None:
    """A draft of a supervisee is not approved or returned."""
    answer = call(backend, "cosignature-workflow", "supervisor", DRAFT, action=action, comment="c")
    assert answer.status == 409


def test_a_late_cosignature_is_escalated_once(backend: Backend) -> None:
    """However often the monitor runs, a late note is marked and told of once."""
    for _ in range(2):
        cosignature_status_monitor.handler(TICK, None)
    assert events(backend, "cosignature.changed") == [
        {"note_id": identifier("6", "2", practice), "state": "overdue"} for practice in (1, 2)
    ]


def told(state: str) -> dict[str, Any]:
    """The event that a co-signature reached a state, as the bus delivers it."""
    detail = {"practice_id": practice_id(1), "note_id": PENDING, "state": state}
    return {"id": f"event-{state}", "detail-type": "cosignature.changed", "detail": detail}


@pytest.mark.parametrize(
    ("state", "addresses"),
    [
        ("pending", ["u@one.example.org"]),
        ("reminded", ["u@one.example.org"]),
        ("overdue", ["a@one.example.org", "u@one.example.org"]),
        ("returned", ["t@one.example.org"]),
        ("cosigned", ["t@one.example.org"]),
    ],
)
def test_who_is_told(
    backend: Backend, aws_services: Services, state: str, addresses: list[str]
) -> None:
    """The supervisor while it waits, administrators too once it is late, the author in the end."""
    before = len(aws_services.mails())
    supervision_notifications.handler(told(state), None)
    sent = aws_services.mails()[before:]
    assert sorted(address for mail in sent for address in mail["To"]) == addresses
    kind = f"select count(*) from notifications where kind = 'cosignature.{state}'"
    assert backend.rows(kind) == [(len(addresses),)]


def test_a_mail_names_nobody(backend: Backend, aws_services: Services) -> None:
    """A mail has a link to the note, and nothing of the note."""
    supervision_notifications.handler(told("pending"), None)
    body = str(aws_services.mails()[-1])
    assert f"https://practice.example.org/notes/{PENDING}" in body
    assert "progress" not in body


def test_an_event_that_comes_twice_is_told_once(backend: Backend, aws_services: Services) -> None:
    """The bus delivers at least once; people are told once."""
    before = len(aws_services.mails())
    for _ in range(3):
        supervision_notifications.handler(told("pending"), None)
    assert len(aws_services.mails()) == before + 1


def test_without_a_sender_nobody_is_marked_as_told(
    backend: Backend, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A mail that cannot be sent is to be delivered again, so nothing of it is kept."""
    failing: Callable[[str], str] = lambda name: (_ for _ in ()).throw(OSError(name))  # noqa: E731
    monkeypatch.setattr("backend.integrations.mail.parameter", failing)
    with pytest.raises(JobFailed):
        supervision_notifications.handler(told("pending"), None)
    kind = "select count(*) from notifications where kind = 'cosignature.pending'"
    assert backend.rows(kind) == [(0,)]
    consumed = "select count(*) from consumed_events where event_id = 'event-pending'"
    assert backend.rows(consumed) == [(0,)]
