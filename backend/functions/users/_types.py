"""What accounts look like to the application."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated
from uuid import UUID

import msgspec

from backend.runtime.fields import Change, Cursor, Email, Limit, Name, Phone, Role, Search


class NewUser(msgspec.Struct, forbid_unknown_fields=True):
    """Somebody who is to work in the practice."""

    email: Email
    full_name: Name
    role: Role
    phone: Phone | None = None
    supervisor_id: UUID | None = None


class User(msgspec.Struct):
    """An account of the staff. `version` goes back with an update, so that none is lost."""

    id: UUID
    full_name: str
    email: str
    phone: str | None
    role: str
    supervisor_id: UUID | None
    active: bool
    version: int
    created_at: datetime
    updated_at: datetime


class UserFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which accounts are listed: by role, by state, and by a part of the name."""

    role: Role | None = None
    active: bool | None = None
    search: Search | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class Roles(msgspec.Struct):
    """The roles of a user."""

    id: UUID
    roles: list[str]


class RoleChange(Change, forbid_unknown_fields=True):
    """The new role of a member of staff."""

    role: Role


class ActiveChange(Change, forbid_unknown_fields=True):
    """Whether somebody may sign in."""

    active: bool


class PasswordChange(msgspec.Struct, forbid_unknown_fields=True):
    """A password that its owner must change at the next sign-in."""

    password: Annotated[str, msgspec.Meta(min_length=8, max_length=256)]


class PasswordSet(msgspec.Struct):
    """Whose password was set."""

    id: UUID


class SignIn(msgspec.Struct):
    """A sign-in: the user pool names the `subject` of one that succeeded, before it is anybody's.

    The system's own event of one that failed names the user, where there is one of that name.
    """

    subject: str | None = None
    user_id: UUID | None = None
    address: Annotated[str, msgspec.Meta(max_length=64)] = ""
