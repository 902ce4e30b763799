"""Schedules, events, limits and the outbox, on PostgreSQL."""

from __future__ import annotations

import json
import logging
from typing import Any
from uuid import UUID

import msgspec
import pytest

from backend.runtime.database import Transaction
from backend.runtime.declaration import Event, RateLimit
from backend.runtime.endpoint import Endpoint, consumer, endpoint, schedule
from backend.runtime.jobs import JobFailed
from tests.backend.conftest import Backend
from tests.backend.ticks import SCHEDULER, TICK

pytestmark = pytest.mark.environment

ONE = "00000000-0000-4000-8000-000000000001"
TWO = "00000000-0000-4000-8000-000000000002"
SUBJECT = UUID("60000000-0000-4000-8000-000000000001")


class Sample(msgspec.Struct):
    """What the events of these tests carry."""

    practice_id: UUID
    note_id: UUID


def hourly(seen: list[UUID], broken: str = "") -> Endpoint:
    """A schedule that notes for which practice it runs, and fails for one of them."""

    @schedule("hourly", "rate(1 hour)")
    def handler(db: Transaction) -> None:
        """Note the practice, and leave an event."""
        row = db.row("select app.practice_id() as id")
        assert row
        db.emit("note.signed", "note", SUBJECT)
        if str(row["id"]) == broken:
            raise ValueError("a name that must not be told")
        seen.append(row["id"])

    return handler


def emitted(backend: Backend) -> list[str]:
    """The practices that have events in the outbox."""
    rows = backend.rows(
        f"select practice_id::text from outbox where subject_id = '{SUBJECT}' order by 1"
    )
    return [row[0] for row in rows]


@pytest.mark.parametrize("event", [TICK, SCHEDULER, {}], ids=["rule", "scheduler", "by hand"])
def test_a_schedule_runs_for_each_practice(backend: Backend, event: dict[str, Any]) -> None:
    """Once for each, as the system of that practice, whatever the schedule is made with."""
    seen: list[UUID] = []
    answer = hourly(seen)(event, None)
    assert (sorted(map(str, seen)), dict(answer)) == ([ONE, TWO], {"practices": 2})


def test_a_practice_that_fails_keeps_none_waiting(backend: Backend) -> None:
    """The others are done, nothing of the failed one is, and Lambda hears of it."""
    with pytest.raises(JobFailed) as caught:
        hourly([], broken=ONE)({}, None)
    assert emitted(backend) == [TWO]
    assert str(caught.value) == "hourly failed for 1 of 2 practices"


def heard(seen: list[Any], fails: list[bool]) -> Endpoint:
    """A consumer that notes what it hears, and fails as often as it is told."""

    @consumer("heard", "note.signed")
    def handler(db: Transaction, event: Sample) -> None:
        """Note the event."""
        db.emit("note.locked", "note", event.note_id)
        if fails and fails.pop():
            raise RuntimeError("lost")
        seen.append(event.note_id)

    return handler


def delivery(**changes: Any) -> dict[str, Any]:
    """An event as EventBridge delivers it."""
    detail = {"practice_id": ONE, "note_id": str(SUBJECT)}
    return {
        "id": "e1",
        "source": "telehealth",
        "detail-type": "note.signed",
        "detail": detail,
    } | changes


def test_an_event_is_carried_out_once(backend: Backend) -> None:
    """A second delivery of the same event does nothing."""
    seen: list[Any] = []
    answers = [heard(seen, [])(delivery(), None) for _ in range(2)]
    assert (seen, [dict(answer) for answer in answers]) == (
        [SUBJECT],
        [{"events": 1}, {"events": 0}],
    )


def test_two_events_are_two(backend: Backend) -> None:
    """What is told apart is the event's id."""
    seen: list[Any] = []
    for name in ("e1", "e2"):
        heard(seen, [])(delivery(id=name), None)
    assert seen == [SUBJECT, SUBJECT]


def test_an_event_that_was_published_twice_is_carried_out_once(backend: Backend) -> None:
    """The bus gives it a new id; the one that the outbox gave it stays."""
    seen: list[Any] = []
    detail = delivery()["detail"] | {"event_id": "fa000000-0000-4000-8000-000000000001"}
    for name in ("e1", "e2"):
        heard(seen, [])(delivery(id=name, detail=detail), None)
    assert seen == [SUBJECT]


def test_a_job_is_logged(backend: Backend, caplog: pytest.LogCaptureFixture) -> None:
    """A schedule and an event that were carried out leave a line each, of numbers alone."""
    logger = logging.getLogger("backend")
    logger.addHandler(caplog.handler)
    try:
        hourly([])(TICK, None)
        heard([], [])(delivery(), None)
    finally:
        logger.removeHandler(caplog.handler)
    lines = [json.loads(record.getMessage()) for record in caplog.records]
    done = [{**line, "milliseconds": 0, "request_id": ""} for line in lines]
    same = {"request_id": "", "milliseconds": 0}
    assert done == [
        {"function": "hourly", "practices": 2, **same},
        {"function": "heard", "events": 1, **same},
    ]


def test_a_failed_event_can_be_delivered_again(backend: Backend) -> None:
    """Of the first attempt nothing stays, so the second one does the work."""
    seen: list[Any] = []
    handler = heard(seen, [True])
    with pytest.raises(JobFailed):
        handler(delivery(), None)
    handler(delivery(), None)
    assert backend.rows("select count(*) from outbox where event = 'note.locked'") == [(1,)]


@pytest.mark.parametrize(
    "changes",
    [
        {"detail": {"practice_id": "no-id", "note_id": str(SUBJECT)}},
        {"detail": {"practice_id": ONE}},
        {"detail": {"practice_id": ONE, "note_id": 5}},
        {"detail": None},
        {"detail": "text"},
        {"id": "x" * 300},
    ],
)
def test_a_malformed_event_goes_to_the_dead_letters(
    backend: Backend, changes: dict[str, Any]
) -> None:
    """An event that is not of the declared shape fails, and says nothing of what it holds."""
    with pytest.raises(JobFailed, match=r"^heard failed$"):
        heard([], [])(delivery(**changes), None)


def test_a_sign_in_trigger_gets_its_event_back(backend: Backend) -> None:
    """The user pool goes on with what the function returns, whoever signs in."""

    @consumer("signed-in", Event("PostAuthentication", "cognito"))
    def handler(db: Transaction) -> None:
        """Leave an event."""
        db.emit("note.signed", "note", SUBJECT)

    events = [
        {"triggerSource": "PostAuthentication_Authentication", "request": {"userAttributes": who}}
        for who in ({"sub": "host"}, {"sub": "nobody"}, {})
    ]
    assert [handler(event, None) for event in events] == events
    assert emitted(backend) == [ONE]


def limited(by: Any = "address") -> Endpoint:
    """A public function that may be called twice in ten minutes."""

    @endpoint("limited", "POST /limited", public=True, limit=RateLimit(2, 600, by))
    def handler() -> int:
        """Answer."""
        return 1

    return handler


def called(handler: Endpoint, address: str = "192.0.2.1") -> Any:
    """Call it from an address."""
    return handler({"requestContext": {"identity": {"sourceIp": address}}}, None)


def test_too_many_calls_are_refused(backend: Backend) -> None:
    """The third call in the window is told how long to wait."""
    answers = [called(limited()) for _ in range(3)]
    assert [answer["statusCode"] for answer in answers] == [200, 200, 429]
    assert 590 <= int(answers[2]["headers"]["Retry-After"]) <= 600


def test_addresses_are_counted_apart(backend: Backend) -> None:
    """One who calls too often keeps nobody else out."""
    for _ in range(3):
        called(limited())
    assert called(limited(), "192.0.2.2")["statusCode"] == 200


def test_a_window_ends(backend: Backend) -> None:
    """When the window has passed, counting begins again."""
    for _ in range(3):
        called(limited())
    backend.run("update rate_limits set window_ends = now() - interval '1 second'")
    assert called(limited())["statusCode"] == 200


def test_no_address_is_stored(backend: Backend) -> None:
    """The counter's key is a digest."""
    called(limited())
    assert backend.rows("select key from rate_limits where key like '%192%'") == []


def test_the_counters_of_others_are_not_seen(backend: Backend) -> None:
    """The application sees the counter that it counts, and no other."""
    called(limited())
    seen: list[Any] = []

    @endpoint("curious", "GET /curious", public=True)
    def handler(db: Transaction) -> int:
        """Look."""
        seen.extend(db.rows("select key from rate_limits"))
        return 1

    called(handler)
    assert seen == []
