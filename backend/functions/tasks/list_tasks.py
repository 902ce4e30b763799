"""list-tasks: lists tasks by assignee, state and priority."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from backend.functions.tasks import _queries
from backend.functions.tasks._types import Task, TaskFilter
from backend.runtime import pages
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import endpoint
from backend.runtime.pages import Page


@endpoint(
    "list-tasks",
    "GET /tasks",
    roles=STAFF,
    scope="tasks that the caller made or is assigned to; supervisor for those of supervisees",
)
def handler(db: Transaction, query: TaskFilter) -> Page[Task]:
    """Return a page of the tasks that the caller may see, the newest first."""
    at, after = pages.after(query.cursor, datetime, UUID) or pages.NEWEST
    given = msgspec.structs.asdict(query) | {"at": at, "after": after, "limit": query.limit + 1}
    rows = db.rows(_queries.LIST, given)
    db.audit("read", "tasks", None)
    return pages.page(rows, query.limit, Task, "created_at", "id")
