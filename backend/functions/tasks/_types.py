"""What tasks look like to the application."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from backend.runtime.fields import Change, Cursor, Limit, Name, Text, Unset

Priority = Literal["low", "normal", "high", "urgent"]
Status = Literal["open", "in_progress", "done", "cancelled"]


class NewTask(msgspec.Struct, forbid_unknown_fields=True):
    """A task to be made; without `assignee_id` it is the caller's own."""

    title: Name
    description: Text = ""
    client_id: UUID | None = None
    assignee_id: UUID | None = None
    priority: Priority = "normal"
    due_on: date | None = None


class TaskChange(Change, forbid_unknown_fields=True):
    """What may be changed of a task; what is left out stays."""

    title: Name | Unset = msgspec.UNSET
    description: Text | Unset = msgspec.UNSET
    assignee_id: UUID | Unset = msgspec.UNSET
    priority: Priority | Unset = msgspec.UNSET
    status: Status | Unset = msgspec.UNSET
    due_on: date | Unset | None = msgspec.UNSET


class Task(msgspec.Struct):
    """A task; `ended_at` is when it was done or cancelled."""

    id: UUID
    title: str
    description: str
    client_id: UUID | None
    creator_id: UUID | None
    assignee_id: UUID
    priority: str
    status: str
    due_on: date | None
    ended_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class TaskFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which tasks are listed."""

    assignee_id: UUID | None = None
    client_id: UUID | None = None
    status: Status | None = None
    priority: Priority | None = None
    limit: Limit = 50
    cursor: Cursor | None = None
