"""The dashboard and analytics: counted by hand here, and of nothing that the caller may not see."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from backend.runtime import clock
from tests.backend.conftest import Backend
from tests.backend.people import identifier, practice_id

pytestmark = pytest.mark.environment

HOST, CLIENT, SECOND = identifier("1", "1"), identifier("2", "1"), identifier("2", "2")
# Three in the morning in UTC, and still the evening of 2026-01-05 in New York.
EVENING = datetime(2026, 1, 6, 3, tzinfo=UTC)


@pytest.fixture(autouse=True)
def evening(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let it be that evening."""
    monkeypatch.setattr(clock, "now", lambda: EVENING)


def stats(backend: Backend, subject: str) -> dict[str, int]:
    """The numbers of the landing page."""
    found: dict[str, int] = backend.call("dashboard/get-dashboard-stats", subject).body
    return found


@pytest.mark.parametrize(
    ("subject", "counts"),
    [
        ("admin", [2, 1, 1, 1]),
        ("host", [1, 1, 1, 1]),
        ("supervisor", [1, 0, 1, 1]),
        ("other", [0, 0, 0, 0]),
        ("desk", [2, 1, 0, 0]),
    ],
)
def test_counts_are_of_what_one_sees(backend: Backend, subject: str, counts: list[int]) -> None:
    """Clients, today's appointments, open notes and open tasks."""
    found = stats(backend, subject)
    names = ("clients_active", "appointments_today", "notes_open", "tasks_open")
    assert [found[name] for name in names] == counts


def test_today_is_a_day_of_the_practice(backend: Backend) -> None:
    """An appointment at 23:30 in New York is today's, one half an hour after midnight is not."""
    for begins, ends in (("04:30", "05:00"), ("05:30", "06:00")):
        backend.run(
            "insert into appointments (practice_id, client_id, clinician_id, starts_at, ends_at)"
            f" values ('{practice_id(1)}', '{CLIENT}', '{HOST}', '2026-01-06 {begins}+00',"
            f" '2026-01-06 {ends}+00')"
        )
    found = stats(backend, "host")
    assert (found["appointments_today"], found["appointments_next_week"]) == (2, 1)


def test_what_is_late_is_counted(backend: Backend) -> None:
    """A note past its deadline and a task past its day are overdue."""
    backend.run("update notes set due_at = '2026-01-06 02:59+00'")
    backend.run("update tasks set due_on = '2026-01-04'")
    found = stats(backend, "host")
    assert (found["notes_overdue"], found["tasks_overdue"]) == (1, 1)


def test_a_task_of_today_is_not_late(backend: Backend) -> None:
    """Today is today until midnight in the practice."""
    backend.run("update tasks set due_on = '2026-01-05'")
    assert stats(backend, "host")["tasks_overdue"] == 0


def analytics(backend: Backend, subject: str = "admin", **query: str) -> Any:
    """The numbers of a period."""
    given = {"from": "2026-01-01", "to": "2026-01-31", **query}
    return backend.call(
        "analytics/calculate-clinical-analytics",
        subject,
        multiValueQueryStringParameters={name: [text] for name, text in given.items()},
    )


def of_host(backend: Backend, **query: str) -> Any:
    """The host's numbers."""
    found = analytics(backend, **query).body["clinicians"]
    return next(row for row in found if row["clinician_id"] == HOST)


def test_hours_are_of_the_schedule(backend: Backend) -> None:
    """Monday to Friday, eight hours: 22 days in January 2026, of which one hour is booked."""
    row = of_host(backend)
    assert (row["scheduled_hours"], row["booked_hours"]) == (176.0, 1.0)
    assert row["utilisation"] == pytest.approx(1 / 176)


def test_approved_time_off_is_not_worked(backend: Backend) -> None:
    """A week of leave takes its working hours away, and no night and weekend."""
    backend.run(
        "insert into schedule_exceptions (practice_id, user_id, kind, status, decided_by,"
        f" starts_at, ends_at) values ('{practice_id(1)}', '{HOST}', 'time_off', 'approved',"
        f" '{identifier('1', '3')}', '2026-01-05 05:00+00', '2026-01-12 05:00+00')"
    )
    assert of_host(backend)["scheduled_hours"] == 136.0


def test_appointments_are_counted_by_what_became_of_them(backend: Backend) -> None:
    """Missed and cancelled ones are counted, and fill no hours."""
    backend.run(
        "insert into appointments (practice_id, client_id, clinician_id, starts_at, ends_at,"
        " status, cancel_reason, cancelled_at, cancelled_late) values"
        f" ('{practice_id(1)}', '{CLIENT}', '{HOST}', '2026-01-07 15:00+00', '2026-01-07 16:00+00',"
        " 'no_show', null, null, false),"
        f" ('{practice_id(1)}', '{CLIENT}', '{HOST}', '2026-01-08 15:00+00', '2026-01-08 16:00+00',"
        " 'cancelled', 'ill', now(), true)"
    )
    row = of_host(backend)
    names = ("appointments", "no_show", "cancelled", "cancelled_late", "booked_hours")
    assert [row[name] for name in names] == [3, 1, 1, 1, 1.0]


def test_a_supervisor_sees_those_they_answer_for(backend: Backend) -> None:
    """Themselves, the host and the trainee, and nobody else."""
    found = analytics(backend, "supervisor").body["clinicians"]
    assert [row["full_name"] for row in found] == ["H", "T", "U"]


def test_outcomes_compare_first_and_last(backend: Backend) -> None:
    """Of two clients with two scores each, one improved; a client with one score is left out."""
    scores = [
        (CLIENT, "2026-01-02", 20),
        (CLIENT, "2026-01-20", 10),
        (SECOND, "2026-01-03", 10),
        (SECOND, "2026-01-21", 12),
    ]
    backend.run("delete from assessments")
    for client, day, score in scores:
        backend.run(
            "insert into assessments (practice_id, client_id, instrument, answers, score, taken_at)"
            f" values ('{practice_id(1)}', '{client}', 'PHQ-9', '{{}}', {score}, '{day} 12:00+00')"
        )
    assert analytics(backend).body["outcomes"] == [
        {"instrument": "PHQ-9", "clients": 2, "first": 15.0, "last": 11.0, "improved": 1}
    ]


@pytest.mark.parametrize(
    ("first", "last"), [("2026-01-02", "2026-01-01"), ("2025-01-01", "2026-01-02")]
)
def test_a_period_has_an_end_and_a_length(backend: Backend, first: str, last: str) -> None:
    """It does not end before it begins, nor last longer than a year."""
    assert analytics(backend, **{"from": first, "to": last}).status == 400
