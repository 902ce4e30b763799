"""What clients look like to the application."""

from __future__ import annotations

from datetime import date, datetime
from typing import Literal
from uuid import UUID

import msgspec

from backend.runtime.fields import (
    Change,
    Cursor,
    Email,
    Limit,
    Line,
    Name,
    Phone,
    Search,
    State,
    Text,
    Unset,
)

Channel = Literal["email", "sms", "none"]
Risk = Literal["none", "low", "moderate", "high"]


class ClinicalDetails(msgspec.Struct, forbid_unknown_fields=True):
    """What only those see and change who treat the client."""

    presenting_problem: Text = ""
    risk_level: Risk = "none"
    medications: Text = ""
    allergies: Text = ""


class NewClient(msgspec.Struct, forbid_unknown_fields=True):
    """A client to be registered; `clinical` is for those who treat them."""

    first_name: Name
    last_name: Name
    date_of_birth: date
    email: Email | None = None
    phone: Phone | None = None
    state_of_residence: State | None = None
    address: Line | None = None
    preferred_channel: Channel = "email"
    clinician_id: UUID | None = None
    clinical: ClinicalDetails | None = None


class ClientChange(Change, forbid_unknown_fields=True):
    """What may be changed of a client; what is left out stays.

    `clinician_id` names the new primary clinician.
    """

    first_name: Name | Unset = msgspec.UNSET
    last_name: Name | Unset = msgspec.UNSET
    email: Email | Unset | None = msgspec.UNSET
    phone: Phone | Unset | None = msgspec.UNSET
    state_of_residence: State | Unset | None = msgspec.UNSET
    address: Line | Unset | None = msgspec.UNSET
    preferred_channel: Channel | Unset = msgspec.UNSET
    active: bool | Unset = msgspec.UNSET
    clinician_id: UUID | Unset = msgspec.UNSET
    clinical: ClinicalDetails | Unset = msgspec.UNSET


class CareTeamMember(msgspec.Struct):
    """Somebody who treats the client."""

    user_id: UUID
    full_name: str
    primary_clinician: bool


class Client(msgspec.Struct):
    """A client; `clinical` is left out for those who do not treat them."""

    id: UUID
    record_number: str
    first_name: str
    last_name: str
    date_of_birth: date
    email: str | None
    phone: str | None
    state_of_residence: str | None
    address: str | None
    preferred_channel: str
    active: bool
    version: int
    updated_at: datetime
    care_team: list[CareTeamMember] = []
    clinical: ClinicalDetails | Unset = msgspec.UNSET


class ClientListed(msgspec.Struct):
    """A line of the client list."""

    id: UUID
    record_number: str
    first_name: str
    last_name: str
    date_of_birth: date
    active: bool
    primary_clinician: str | None


class ClientFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which clients are listed: by the start of the last name, and whether they still come."""

    last_name: Search | None = None
    active: bool | None = None
    limit: Limit = 50
    cursor: Cursor | None = None
