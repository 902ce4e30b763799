"""create-task: creates a task."""

from __future__ import annotations

import msgspec

from backend.functions.tasks import _queries
from backend.functions.tasks._types import NewTask, Task
from backend.runtime.database import Transaction
from backend.runtime.declaration import STAFF
from backend.runtime.endpoint import Caller, endpoint


@endpoint(
    "create-task",
    "POST /tasks",
    roles=STAFF,
    scope="tasks that the caller made or is assigned to; supervisor for those of supervisees",
    success=201,
)
def handler(caller: Caller, db: Transaction, body: NewTask) -> Task:
    """Create a task and tell its assignee; it is about no client whom the caller does not see."""
    if body.client_id:
        db.one(_queries.CLIENT, {"client_id": body.client_id})
    assignee = body.assignee_id or caller.user_id
    db.one(_queries.ASSIGNEE, {"assignee_id": assignee})
    row = db.one(_queries.CREATE, msgspec.structs.asdict(body) | {"assignee_id": assignee})
    task = msgspec.convert(row, Task)
    if assignee != caller.user_id:
        db.run(_queries.TELL, {"assignee_id": assignee, "id": task.id})
    db.audit("create", "task", task.id, task.client_id)
    return task
