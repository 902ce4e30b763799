"""What profiles look like to the application."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

StaffRole = Literal[
    "administrator", "supervisor", "therapist", "associate_trainee", "billing_staff", "front_desk"
]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Version = Annotated[int, msgspec.Meta(ge=1, le=2_147_483_647)]


class Profile(msgspec.Struct, forbid_unknown_fields=True):
    """A member of staff. `version` goes back with an update, so that none is lost."""

    id: UUID
    full_name: str
    email: str
    role: str
    active: bool
    version: int
    updated_at: datetime


class ProfileChange(msgspec.Struct, forbid_unknown_fields=True):
    """What may be changed of a profile; `version` is the one that the caller saw."""

    version: Version
    full_name: Name


class ProfileFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which profiles are listed: by role, and by a part of the name."""

    role: StaffRole | None = None
    search: Annotated[str, msgspec.Meta(max_length=100)] | None = None
    limit: Annotated[int, msgspec.Meta(ge=1, le=100)] = 50
    cursor: Annotated[str, msgspec.Meta(max_length=1000)] | None = None
