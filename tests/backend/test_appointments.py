"""Appointments: what can be booked, by whom, and what becomes of a slot that is given back."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.runtime import clock
from tests.backend.conftest import Answer, Backend
from tests.backend.people import identifier, practice_id

pytestmark = pytest.mark.environment

CLIENT, SECOND = identifier("2", "1"), identifier("2", "2")
HOST, OTHER = identifier("1", "1"), identifier("1", "2")
COMING, PAST = identifier("3", "2"), identifier("3", "1")
# A Monday; the host works from 9 to 17 in New York, which is 14 to 22 UTC in winter.
MORNING = "2030-01-14T14:00:00Z"
NOON = "2030-01-14T17:00:00Z"


def book(backend: Backend, subject: str, starts_at: str = MORNING, **more: Any) -> Answer:
    """Book the host."""
    who = {} if subject in {"client", "second"} else {"client_id": CLIENT}
    body = {"clinician_id": HOST, "starts_at": starts_at, **who, **more}
    return backend.call("appointments/create-appointment", subject, body=body)


def change(backend: Backend, subject: str, appointment: str = COMING, **body: Any) -> Answer:
    """Change an appointment."""
    return backend.call(
        "appointments/update-appointment",
        subject,
        pathParameters={"id": appointment},
        body={"version": 1, **body},
    )


def cancel(backend: Backend, subject: str, appointment: str = COMING) -> Answer:
    """Cancel an appointment."""
    return backend.call(
        "appointments/cancel-appointment",
        subject,
        pathParameters={"id": appointment},
        body={"version": 1, "reason": "ill"},
    )


def slots(backend: Backend, since: str, until: str, subject: str = "second", **more: str) -> Any:
    """The beginnings of the host's free slots."""
    query = {"clinician_id": HOST, "from": since, "to": until, **more}
    answer = backend.call(
        "appointments/check-availability",
        subject,
        multiValueQueryStringParameters={name: [text] for name, text in query.items()},
    )
    return [slot["starts_at"] for slot in answer.body["slots"]]


def emitted(backend: Backend) -> list[str]:
    """The events in the outbox, but for the one that was there before."""
    rows = backend.rows("select event from outbox where event <> 'note.signed' order by position")
    return [row[0] for row in rows]


def at(monkeypatch: pytest.MonkeyPatch, moment: str) -> None:
    """Let it be a moment."""
    now = datetime.fromisoformat(moment.replace("Z", "+00:00")).astimezone(UTC)
    monkeypatch.setattr(clock, "now", lambda: now)


def test_a_client_books_what_is_offered(backend: Backend) -> None:
    """A slot that availability shows can be booked, and is then no longer shown."""
    day = ("2030-01-14T00:00:00Z", "2030-01-15T00:00:00Z")
    first = slots(backend, *day)[0]
    made = book(backend, "second", first)
    assert (made.status, made.body["client_id"], made.body["clinician_name"]) == (201, SECOND, "H")
    assert first not in slots(backend, *day)


@pytest.mark.parametrize(
    ("starts_at", "minutes"),
    [
        ("2030-01-14T13:00:00Z", None),
        ("2030-01-13T15:00:00Z", None),
        ("2030-01-14T21:30:00Z", None),
        ("2020-01-13T15:00:00Z", None),
        (MORNING, 30),
    ],
)
def test_a_client_books_nothing_else(backend: Backend, starts_at: str, minutes: int | None) -> None:
    """Before hours, on a Sunday, over the end, in the past, or shorter: a conflict."""
    more = {"minutes": minutes} if minutes else {}
    assert book(backend, "client", starts_at, **more).status == 409


def test_staff_book_beside_the_hours(backend: Backend) -> None:
    """The front desk may book a Sunday."""
    assert book(backend, "desk", "2030-01-13T15:00:00Z").status == 201


@pytest.mark.parametrize(
    ("what", "row"),
    [
        ("blocked_times", "(user_id, starts_at, ends_at) = '{h}', '{s}', '{e}'"),
        (
            "schedule_exceptions",
            "(user_id, kind, status, decided_by, starts_at, ends_at)"
            " = '{h}', 'time_off', 'approved', '{a}', '{s}', '{e}'",
        ),
        (
            "appointment_holds",
            "(clinician_id, held_by, starts_at, ends_at, expires_at)"
            " = '{h}', '{a}', '{s}', '{e}', '2099-01-01'",
        ),
    ],
)
def test_nobody_books_a_clinician_who_is_away(backend: Backend, what: str, row: str) -> None:
    """Blocked, on leave, or held for somebody else: a conflict, and no slot is shown."""
    columns, values = row.format(
        h=HOST, a=identifier("1", "3"), s=MORNING, e="2030-01-14T15:00:00Z"
    ).split(" = ")
    backend.run(
        f"insert into {what} (practice_id, {columns[1:]} values ('{practice_id(1)}', {values})"
    )
    assert book(backend, "desk").status == 409
    assert MORNING not in slots(backend, MORNING, NOON)


def test_time_off_that_is_only_asked_for_blocks_nothing(backend: Backend) -> None:
    """A request counts once somebody has approved it."""
    backend.run(
        "insert into schedule_exceptions (practice_id, user_id, kind, starts_at, ends_at)"
        f" values ('{practice_id(1)}', '{HOST}', 'time_off', '2030-01-14', '2030-01-15')"
    )
    assert book(backend, "desk").status == 201


def test_hours_follow_the_clock_of_the_practice(backend: Backend) -> None:
    """Nine in the morning is an hour earlier in UTC once daylight saving began (2030-03-10)."""
    found = slots(backend, "2030-03-08T00:00:00Z", "2030-03-12T00:00:00Z")
    firsts = [min(slot for slot in found if slot.startswith(day)) for day in DAYS]
    assert firsts == ["2030-03-08T14:00:00Z", "2030-03-11T13:00:00Z"]


DAYS = ("2030-03-08", "2030-03-11")


def test_availability_tells_nothing_but_times(backend: Backend) -> None:
    """A client learns when the host is free, and no other client's appointment."""
    book(backend, "desk", MORNING)
    assert MORNING not in slots(backend, MORNING, NOON, "second")
    mine = backend.call("appointments/list-appointments", "second").body["items"]
    assert mine == []


def test_staff_see_an_appointment_without_a_name(backend: Backend) -> None:
    """Who does not treat the client sees that the time is taken, and not by whom."""
    path = {"id": PAST}
    names = [
        backend.call("appointments/get-appointment", who, pathParameters=path).body["client_name"]
        for who in ("host", "other")
    ]
    assert names == ["C C", None]


def test_a_service_has_its_length(backend: Backend) -> None:
    """Without minutes an appointment lasts as long as what is booked."""
    made = book(backend, "desk", service_code="90832").body
    assert made["ends_at"] == "2030-01-14T14:30:00Z"


def test_a_service_that_nobody_offers_is_not_there(backend: Backend) -> None:
    """An unknown code is a 404."""
    assert book(backend, "desk", service_code="00000").status == 404


def test_staff_say_for_whom_they_book(backend: Backend) -> None:
    """A booking by staff without a client is malformed."""
    body = {"clinician_id": HOST, "starts_at": MORNING}
    assert backend.call("appointments/create-appointment", "desk", body=body).status == 400


def test_a_client_books_for_nobody_else(backend: Backend) -> None:
    """Another client is not there."""
    assert book(backend, "second", client_id=CLIENT).status == 404


@pytest.mark.parametrize(
    "body",
    [
        {"status": "completed"},
        {"status": "confirmed"},
        {"clinician_id": OTHER},
        {"service_code": None},
    ],
)
def test_clients_move_and_cancel_and_no_more(backend: Backend, body: dict[str, Any]) -> None:
    """What was done and what is billed is for staff to say."""
    assert change(backend, "client", **body).status == 403


def test_an_appointment_moves_over_itself(backend: Backend) -> None:
    """Half an hour later overlaps only with what moves."""
    moved = change(backend, "desk", starts_at="2030-01-07T15:30:00Z")
    assert (moved.status, moved.body["ends_at"]) == (200, "2030-01-07T16:30:00Z")
    assert emitted(backend) == ["appointment.moved"]


def test_a_moved_appointment_is_not_confirmed_by_an_old_link(backend: Backend) -> None:
    """The link of a reminder is about the time that it named."""
    change(backend, "desk", starts_at="2030-01-07T18:00:00Z")
    path = {"token": "One-token"}
    answer = backend.call("appointments/confirm-appointment", pathParameters=path)
    assert answer.status == 404


def test_a_link_confirms_once(backend: Backend) -> None:
    """The first use confirms; a second one, and a guess, learn nothing."""
    statuses = [
        backend.call("appointments/confirm-appointment", pathParameters={"token": token}).status
        for token in ("One-token", "One-token", "guess")
    ]
    assert statuses == [200, 404, 404]
    assert backend.rows(f"select status from appointments where id = '{COMING}'") == [
        ("confirmed",)
    ]


def test_links_cannot_be_guessed_for_long(backend: Backend) -> None:
    """After thirty tries in a minute an address must wait."""
    context = {"requestId": "r", "identity": {"sourceIp": "192.0.2.7"}}
    statuses = [
        backend.call(
            "appointments/confirm-appointment",
            requestContext=context,
            pathParameters={"token": "guess"},
        ).status
        for _ in range(31)
    ]
    assert statuses == [404] * 30 + [429]


@pytest.mark.parametrize(
    ("now", "late"), [("2030-01-06T14:59:00Z", False), ("2030-01-06T15:01:00Z", True)]
)
def test_a_late_cancellation_is_noted(
    backend: Backend, monkeypatch: pytest.MonkeyPatch, now: str, late: bool
) -> None:
    """Within the hours that the practice has set, a cancellation is late."""
    at(monkeypatch, now)
    assert cancel(backend, "client").body["cancelled_late"] is late


def test_what_is_over_is_not_cancelled(backend: Backend) -> None:
    """A second cancellation is a conflict."""
    assert [cancel(backend, "desk").status for _ in range(2)] == [200, 409]


def test_a_cancellation_by_change_needs_a_reason(backend: Backend) -> None:
    """Without one the request is malformed; with one it is the same as to cancel."""
    assert change(backend, "client", status="cancelled").status == 400
    answer = change(backend, "client", status="cancelled", reason="ill")
    assert (answer.status, answer.body["cancel_reason"]) == (200, "ill")


def wait_for(backend: Backend, client: str, created: str, more: str = "") -> None:
    """Put a client of practice One on the waitlist."""
    columns, values = (f", {part}" for part in more.split("=")) if more else ("", "")
    backend.run(
        f"insert into waitlist_entries (practice_id, client_id, created_at{columns})"
        f" values ('{practice_id(1)}', '{client}', '{created}'{values})"
    )


def offered(backend: Backend) -> list[str]:
    """The clients who were offered the slot."""
    rows = backend.rows(
        "select e.client_id::text from waitlist_offers o"
        " join waitlist_entries e on e.id = o.entry_id"
        f" where o.starts_at = '2030-01-07 15:00+00' and o.practice_id = '{practice_id(1)}'"
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize(
    ("preference", "fits"),
    [
        ("", True),
        (f"clinician_id='{HOST}'", True),
        (f"clinician_id='{OTHER}'", False),
        ("weekdays='{0}'", True),
        ("weekdays='{1,2}'", False),
        ("earliest='10:00'", True),
        ("earliest='10:30'", False),
        ("latest='10:30'", False),
    ],
)
def test_a_slot_is_offered_to_whom_it_suits(backend: Backend, preference: str, fits: bool) -> None:
    """Monday, ten to eleven in the practice's time zone: clinician, weekday and times count."""
    wait_for(backend, SECOND, "2025-06-01", preference)
    cancel(backend, "client")
    assert offered(backend) == ([SECOND] if fits else [])
    assert ("waitlist.offered" in emitted(backend)) is fits


def test_whoever_cancels_is_not_offered_the_slot(backend: Backend) -> None:
    """The slot goes to somebody else."""
    cancel(backend, "client")
    assert offered(backend) == []


def test_a_booking_ends_the_wait(backend: Backend) -> None:
    """Whoever has an appointment waits no longer."""
    book(backend, "client")
    rows = backend.rows(f"select status from waitlist_entries where client_id = '{CLIENT}'")
    assert rows == [("booked",)]


def test_nobody_waits_twice(backend: Backend) -> None:
    """A second entry for the same clinician is a conflict."""
    body = {"clinician_id": HOST}
    assert backend.call("appointments/join-waitlist", "client", body=body).status == 409


def test_a_list_has_a_range_of_days(backend: Backend) -> None:
    """From the first moment on, and before the last."""
    query = {"from": ["2026-01-05T15:00:00Z"], "to": ["2030-01-07T15:00:00Z"]}
    page = backend.call(
        "appointments/list-appointments", "desk", multiValueQueryStringParameters=query
    ).body
    assert [item["id"] for item in page["items"]] == [PAST]
