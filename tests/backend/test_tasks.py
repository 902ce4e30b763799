"""Tasks: whose they are, who is told, and how they end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.backend.conftest import Answer, Backend
from tests.backend.people import identifier

pytestmark = pytest.mark.environment

TASK, HOST, OTHER = identifier("7", "1"), identifier("1", "1"), identifier("1", "2")


def create(backend: Backend, subject: str, **more: Any) -> Answer:
    """Create a task."""
    return backend.call("tasks/create-task", subject, body={"title": "t", **more})


def put(backend: Backend, subject: str, task: str = TASK, version: int = 1, **more: Any) -> Answer:
    """Change a task."""
    path = {"id": task}
    body = {"version": version, **more}
    return backend.call("tasks/update-task", subject, pathParameters=path, body=body)


def listed(backend: Backend, subject: str, **query: str) -> list[str]:
    """The titles of a list."""
    given = {name: [text] for name, text in query.items()}
    page = backend.call("tasks/list-tasks", subject, multiValueQueryStringParameters=given).body
    return [item["title"] for item in page["items"]]


def test_a_task_is_ones_own_unless_said_otherwise(backend: Backend) -> None:
    """Without an assignee it is for the one who makes it."""
    assert create(backend, "host").body["assignee_id"] == HOST


def test_an_assignee_is_told(backend: Backend) -> None:
    """Somebody else's new task leaves them a notification, one's own does not."""
    create(backend, "host", assignee_id=OTHER)
    create(backend, "host")
    rows = backend.rows("select user_id::text from notifications where kind = 'task.assigned'")
    assert rows == [(OTHER,)]


@pytest.mark.parametrize(
    "who", [identifier("1", "4"), identifier("1", "a"), identifier("1", "1", 2)]
)
def test_only_colleagues_get_tasks(backend: Backend, who: str) -> None:
    """Not a client, not somebody switched off, not somebody of another practice."""
    assert create(backend, "host", assignee_id=who).status == 404


def test_a_task_is_about_a_client_one_sees(backend: Backend) -> None:
    """Somebody else's client is not there."""
    client = identifier("2", "1")
    assert [create(backend, who, client_id=client).status for who in ("host", "other")] == [
        201,
        404,
    ]


def test_an_ended_task_says_when(backend: Backend) -> None:
    """Done has a moment, and opened again has none."""
    done = put(backend, "host", status="done").body
    opened = put(backend, "host", version=2, status="open").body
    assert (done["ended_at"] is not None, opened["ended_at"]) == (True, None)


def test_what_was_cancelled_stays_cancelled(backend: Backend) -> None:
    """A step that the machine does not have is a conflict."""
    put(backend, "host", status="cancelled")
    assert put(backend, "host", version=2, status="open").status == 409


def test_whoever_made_a_task_hands_it_on(backend: Backend) -> None:
    """The new assignee sees it."""
    assert put(backend, "host", assignee_id=OTHER).status == 200
    assert listed(backend, "other") == ["t"]


def test_nobody_hands_on_what_they_would_no_longer_see(backend: Backend) -> None:
    """An assignee who did not make the task cannot pass it to somebody else."""
    task = create(backend, "admin", assignee_id=OTHER).body["id"]
    assert put(backend, "other", task, assignee_id=HOST).status == 403


def test_a_list_filters(backend: Backend) -> None:
    """By state and priority, the newest first."""
    for title, priority in (("a", "low"), ("b", "high"), ("c", "high")):
        create(backend, "desk", title=title, priority=priority)
    assert listed(backend, "desk", priority="high", status="open") == ["c", "b"]
