"""update-task: changes or completes a task."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.tasks import _queries
from backend.functions.tasks._types import Task, TaskChange
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import Caller, endpoint
from backend.runtime.fields import changed


@endpoint(
    "update-task",
    "PUT /tasks/{id}",
    roles=STAFF,
    scope="tasks that the caller made or is assigned to; supervisor for those of supervisees",
)
def handler(caller: Caller, db: Transaction, id: UUID, body: TaskChange) -> Task:
    """Change what the body names; nobody can hand on a task that they would no longer see."""
    if body.assignee_id is not msgspec.UNSET:
        db.one(_queries.ASSIGNEE, {"assignee_id": body.assignee_id})
    task = msgspec.convert(db.one(_queries.UPDATE, changed(body) | {"id": id}), Task)
    if body.assignee_id not in (msgspec.UNSET, caller.user_id):
        db.run(_queries.TELL, {"assignee_id": body.assignee_id, "id": id})
    db.audit("update", "task", id, task.client_id)
    return task
