"""Types of fields that many functions share, with their bounds."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec

Unset = msgspec.UnsetType
Version = Annotated[int, msgspec.Meta(ge=1, le=2_147_483_647)]
Limit = Annotated[int, msgspec.Meta(ge=1, le=100)]
Cursor = Annotated[str, msgspec.Meta(max_length=1000)]
Name = Annotated[str, msgspec.Meta(min_length=1, max_length=200)]
Line = Annotated[str, msgspec.Meta(max_length=200)]
Text = Annotated[str, msgspec.Meta(max_length=4000)]
Email = Annotated[str, msgspec.Meta(max_length=254, pattern=r"^[^@\s<>]+@[^@\s<>]+\.[^@\s<>]+$")]
Phone = Annotated[str, msgspec.Meta(max_length=20, pattern=r"^\+?[0-9 ()-]{5,20}$")]
State = Annotated[str, msgspec.Meta(pattern=r"^[A-Z]{2}$")]
Search = Annotated[str, msgspec.Meta(max_length=100)]
Role = Literal[
    "administrator", "supervisor", "therapist", "associate_trainee", "billing_staff", "front_desk"
]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Change(msgspec.Struct, forbid_unknown_fields=True):
    """A change of a row; `version` is the one that the caller saw, so that no update is lost."""

    version: Version


def changed(body: Change) -> dict[str, object]:
    """Return the parameters of an update: None for what was left out, and `set_` flags beside.

    A statement takes the flag of a field that may become null; others it can coalesce.
    """
    given = msgspec.structs.asdict(body)
    values = {name: None if value is msgspec.UNSET else value for name, value in given.items()}
    return values | {f"set_{name}": value is not msgspec.UNSET for name, value in given.items()}
