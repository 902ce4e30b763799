"""Clients: registered, listed and changed by those who care for them."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backend.conftest import Answer, Backend
from tests.backend.people import identifier

pytestmark = pytest.mark.environment

CLIENT, HOST, OTHER = identifier("2", "1"), identifier("1", "1"), identifier("1", "2")
PERSON = {"first_name": "Ada", "last_name": "Adams", "date_of_birth": "1980-02-29"}


def create(backend: Backend, subject: str, **more: Any) -> Answer:
    """Register a client."""
    return backend.call("clients/create-client", subject, body={**PERSON, **more})


def get(backend: Backend, subject: str, client: str = CLIENT) -> Answer:
    """Read a client."""
    return backend.call("clients/get-client", subject, pathParameters={"id": client})


def put(backend: Backend, subject: str, **change: Any) -> Answer:
    """Change the client of practice One."""
    body = {"version": 1, **change}
    return backend.call("clients/update-client", subject, pathParameters={"id": CLIENT}, body=body)


def names(backend: Backend, subject: str, **query: str) -> list[str]:
    """The last names that a list shows, over all of its pages."""
    found: list[str] = []
    while True:
        given = {name: [text] for name, text in query.items()}
        page = backend.call(
            "clients/list-clients", subject, multiValueQueryStringParameters=given
        ).body
        found += [item["last_name"] for item in page["items"]]
        if page["next"] is None:
            return found
        query["cursor"] = page["next"]


def test_record_numbers_follow_each_other(backend: Backend) -> None:
    """Each client gets the next number of the practice."""
    numbers = [create(backend, "desk").body["record_number"] for _ in range(3)]
    assert numbers == ["C000003", "C000004", "C000005"]


def test_a_number_is_not_lost_to_a_refused_client(backend: Backend) -> None:
    """A registration that fails takes no number."""
    create(backend, "desk", clinical={"risk_level": "high"})
    assert create(backend, "desk").body["record_number"] == "C000003"


def test_a_therapist_treats_whom_they_register(backend: Backend) -> None:
    """Who registers a client as a therapist is the primary clinician, and sees them."""
    made = create(backend, "other").body
    assert made["care_team"] == [{"user_id": OTHER, "full_name": "O", "primary_clinician": True}]
    assert get(backend, "other", made["id"]).status == 200


def test_a_registration_gives_no_access_by_itself(backend: Backend) -> None:
    """A supervisor who registers a client for another does not see them afterwards."""
    made = create(backend, "supervisor", clinician_id=OTHER).body
    assert [get(backend, who, made["id"]).status for who in ("supervisor", "other")] == [404, 200]


def test_a_therapist_assigns_nobody_else(backend: Backend) -> None:
    """Clinicians register clients for themselves alone."""
    assert create(backend, "other", clinician_id=HOST).status == 403


@pytest.mark.parametrize("clinician", [identifier("1", "9"), identifier("1", "4"), CLIENT])
def test_only_clinicians_are_assigned(backend: Backend, clinician: str) -> None:
    """The front desk, a client and nobody treat nobody."""
    assert create(backend, "desk", clinician_id=clinician).status == 404


@pytest.mark.parametrize(
    ("subject", "shown"), [("host", True), ("admin", True), ("desk", False), ("billing", False)]
)
def test_who_reads_clinical_details(backend: Backend, subject: str, shown: bool) -> None:
    """Clinical details are left out for those who do not treat the client."""
    assert ("clinical" in get(backend, subject).body) is shown


def test_the_front_desk_writes_no_clinical_details(backend: Backend) -> None:
    """It is refused, and nothing of the change is kept."""
    answer = put(backend, "desk", phone="+1 555 0100", clinical={"allergies": "none"})
    assert answer.status == 403
    assert backend.rows(f"select phone from clients where id = '{CLIENT}'") == [(None,)]


def test_what_is_left_out_stays(backend: Backend) -> None:
    """A change of one field changes no other."""
    put(backend, "host", email="c@example.org", clinical={"risk_level": "low"})
    body = put(backend, "host", version=2, phone="+1 555 0100").body
    assert (body["email"], body["phone"], body["clinical"]["risk_level"]) == (
        "c@example.org",
        "+1 555 0100",
        "low",
    )


def test_null_removes(backend: Backend) -> None:
    """A field that is given as null is empty afterwards."""
    put(backend, "host", email="c@example.org")
    assert put(backend, "host", version=2, email=None).body["email"] is None


def test_a_lost_update_is_refused(backend: Backend) -> None:
    """A change of a version that is no longer the present one is a conflict."""
    statuses = [put(backend, "host", active=False).status for _ in range(2)]
    assert statuses == [200, 409]


def test_another_clinician_takes_over(backend: Backend) -> None:
    """The new primary clinician sees the client; the former one stays on the care team."""
    team = put(backend, "desk", clinician_id=OTHER).body["care_team"]
    assert {entry["user_id"]: entry["primary_clinician"] for entry in team} == {
        OTHER: True,
        HOST: False,
    }
    assert get(backend, "other").status == 200


def test_pages_have_every_client_once_by_name(backend: Backend) -> None:
    """The order is that of names without regard to case, over all pages."""
    for last in ("de Vries", "abel", "Zed", "Abraham"):
        create(backend, "desk", last_name=last)
    assert names(backend, "desk", limit="2") == ["abel", "Abraham", "C", "de Vries", "E", "Zed"]


def test_a_list_begins_with_what_was_typed(backend: Backend) -> None:
    """A filter takes the beginning of the last name, without regard to case, and literally."""
    for last in ("Abel", "abendroth", "Ba%b", "Öller"):
        create(backend, "desk", last_name=last)
    found = [names(backend, "desk", last_name=start) for start in ("AB", "ba%", "%", "ö")]
    assert found == [["Abel", "abendroth"], ["Ba%b"], [], ["Öller"]]


def test_the_list_names_the_primary_clinician(backend: Backend) -> None:
    """A line has the name of who treats the client, if somebody does."""
    page = backend.call("clients/list-clients", "admin").body
    assert [item["primary_clinician"] for item in page["items"]] == ["H", None]


def test_reading_a_record_is_audited(backend: Backend) -> None:
    """Each read of a client names the client in the audit log."""
    get(backend, "host")
    rows = backend.rows(
        "select action, subject_kind, client_id::text from audit_log where request_id = 'test'"
    )
    assert rows == [("read", "client", CLIENT)]


def test_a_registration_is_an_event(backend: Backend) -> None:
    """It leaves an event that holds ids and no record."""
    made = create(backend, "desk").body
    rows = backend.rows(
        "select subject_id::text, detail from outbox where event = 'client.created'"
    )
    assert rows == [(made["id"], {"client_id": made["id"]})]
