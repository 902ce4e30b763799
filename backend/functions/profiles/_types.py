"""What profiles look like to the application."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

import msgspec

from backend.runtime.fields import Change, Cursor, Limit, Name, Role, Search


class Profile(msgspec.Struct):
    """A member of staff. `version` goes back with an update, so that none is lost."""

    id: UUID
    full_name: str
    email: str
    role: str
    active: bool
    version: int
    updated_at: datetime


class ProfileChange(Change, forbid_unknown_fields=True):
    """What may be changed of a profile."""

    full_name: Name


class ProfileFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which profiles are listed: by role, and by a part of the name."""

    role: Role | None = None
    search: Search | None = None
    limit: Limit = 50
    cursor: Cursor | None = None
