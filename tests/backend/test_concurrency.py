"""Two calls at once, statement by statement in orders that nobody would think of."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from backend.functions.appointments import create_appointment
from backend.functions.tasks import create_task, update_task
from backend.runtime.endpoint import Endpoint
from tests.backend.conftest import Backend
from tests.backend.interleaving import Turns, containers
from tests.backend.people import identifier

pytestmark = pytest.mark.environment

RUNS = settings(
    max_examples=200,
    deadline=None,
    derandomize=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
)
# Whose turn it is; a call has about fifteen statements.
ORDERS = st.lists(st.integers(0, 1), max_size=30)
MONDAY = datetime(2032, 1, 5, tzinfo=UTC)


class Run:
    """Two containers before one database; each run has a number of its own."""

    def __init__(self, backend: Backend, watcher: psycopg.Connection[Any]) -> None:
        self.backend = backend
        self.number = 0
        self._watcher = watcher

    def both(self, order: list[int], *calls: Callable[[], Any]) -> list[Any]:
        """Run both calls in an order and return what they answered."""
        return Turns[Any](self._watcher).run(calls, order)


@pytest.fixture
def run(backend: Backend) -> Iterator[Run]:
    """Two containers before a database of their own."""
    with containers(backend.admin) as watcher:
        yield Run(backend, watcher)


def call(
    handler: Endpoint, subject: str, body: dict[str, Any], **event: Any
) -> Callable[[], tuple[int, Any]]:
    """A call of a function, to be made later: its status and body."""
    about = {"requestId": "r", "authorizer": {"claims": {"sub": subject}}}

    def made() -> tuple[int, Any]:
        answer = handler({"requestContext": about, "body": json.dumps(body), **event}, None)
        return answer["statusCode"], json.loads(answer["body"])

    return made


@RUNS
@given(order=ORDERS)
def test_of_two_bookings_of_one_slot_one_wins(run: Run, order: list[int]) -> None:
    """One is booked, the other is a conflict, and there is one appointment."""
    run.number += 1
    starts = (MONDAY + timedelta(hours=run.number)).isoformat()
    body = {
        "client_id": identifier("2", "1"),
        "clinician_id": identifier("1", "1"),
        "starts_at": starts,
    }
    answers = run.both(
        order,
        call(create_appointment.handler, "admin", body),
        call(create_appointment.handler, "desk", body),
    )
    assert sorted(status for status, _ in answers) == [201, 409]
    count = f"select count(*) from appointments where starts_at = '{starts}'"
    assert run.backend.rows(count) == [(1,)]


@RUNS
@given(order=ORDERS)
def test_of_two_updates_of_one_version_one_is_refused(run: Run, order: list[int]) -> None:
    """The second to change a version that both saw is told; nothing of the first is lost."""
    task = identifier("7", "1")
    [(version,)] = run.backend.rows(f"select version from tasks where id = '{task}'")
    answers = run.both(
        order,
        *(
            call(
                update_task.handler,
                subject,
                {"version": version, "title": subject},
                pathParameters={"id": task},
            )
            for subject in ("admin", "host")
        ),
    )
    assert sorted(status for status, _ in answers) == [200, 409]
    winner = next(body["title"] for status, body in answers if status == 200)
    row = run.backend.rows(f"select version, title from tasks where id = '{task}'")
    assert row == [(version + 1, winner)]


@RUNS
@given(order=ORDERS)
def test_of_two_requests_with_one_key_one_does_the_work(run: Run, order: list[int]) -> None:
    """Both get the first answer, and the work was done once."""
    run.number += 1
    title = f"Task {run.number}"
    same = call(create_task.handler, "host", {"title": title}, headers={"Idempotency-Key": title})
    first, second = run.both(order, same, same)
    assert first == second
    assert first[0] == 201
    assert run.backend.rows(f"select count(*) from tasks where title = '{title}'") == [(1,)]
