"""What appointments look like to the application."""

from __future__ import annotations

from datetime import datetime, time
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from backend.runtime.fields import Change, Cursor, Instant, Limit, Unset

Status = Literal["scheduled", "confirmed", "checked_in", "completed", "no_show", "cancelled"]
Minutes = Annotated[int, msgspec.Meta(ge=5, le=480)]
Reason = Annotated[str, msgspec.Meta(min_length=1, max_length=500)]
ServiceCode = Annotated[str, msgspec.Meta(pattern=r"^[0-9A-Z]{5}$")]
PlaceOfService = Annotated[str, msgspec.Meta(pattern=r"^[0-9]{2}$")]
# From Monday, 0.
Weekdays = Annotated[list[Annotated[int, msgspec.Meta(ge=0, le=6)]], msgspec.Meta(max_length=7)]


class NewAppointment(msgspec.Struct, forbid_unknown_fields=True):
    """An appointment to be booked; clients book their own, and leave `client_id` out.

    Without `minutes` it lasts as long as its service, or else as the practice's slots.
    """

    clinician_id: UUID
    starts_at: Instant
    client_id: UUID | None = None
    minutes: Minutes | None = None
    service_code: ServiceCode | None = None
    place_of_service: PlaceOfService = "11"
    telehealth: bool = False


class AppointmentChange(Change, forbid_unknown_fields=True):
    """What may be changed of an appointment; `reason` belongs to a cancellation."""

    starts_at: Instant | Unset = msgspec.UNSET
    minutes: Minutes | Unset = msgspec.UNSET
    clinician_id: UUID | Unset = msgspec.UNSET
    status: Status | Unset = msgspec.UNSET
    reason: Reason | Unset = msgspec.UNSET
    service_code: ServiceCode | Unset | None = msgspec.UNSET
    place_of_service: PlaceOfService | Unset = msgspec.UNSET
    telehealth: bool | Unset = msgspec.UNSET


class Cancellation(Change, forbid_unknown_fields=True):
    """Why an appointment is cancelled."""

    reason: Reason


class Participant(msgspec.Struct):
    """Somebody who comes beside client and clinician."""

    user_id: UUID
    role: str
    full_name: str | None


class AppointmentListed(msgspec.Struct):
    """A line of the list of appointments; names are left out for those who may not see them."""

    id: UUID
    client_id: UUID
    client_name: str | None
    clinician_id: UUID
    clinician_name: str | None
    starts_at: datetime
    ends_at: datetime
    status: str
    telehealth: bool
    service_code: str | None
    place_of_service: str
    version: int


class Appointment(AppointmentListed):
    """An appointment; `telehealth_path` leads to its session in the application."""

    cancel_reason: str | None
    cancelled_at: datetime | None
    cancelled_late: bool
    updated_at: datetime
    telehealth_session_id: UUID | None
    telehealth_path: str | None = None
    participants: list[Participant] = []


class AppointmentFilter(
    msgspec.Struct, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}
):
    """Which appointments are listed: those that begin from `from`, and before `to`."""

    clinician_id: UUID | None = None
    client_id: UUID | None = None
    status: Status | None = None
    since: Instant | None = None
    until: Instant | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class AvailabilityAsked(
    msgspec.Struct, forbid_unknown_fields=True, rename={"since": "from", "until": "to"}
):
    """Whose free slots, and when: at most 31 days. Without `minutes` those of the practice."""

    clinician_id: UUID
    since: Instant
    until: Instant
    minutes: Minutes | None = None


class Slot(msgspec.Struct, frozen=True):
    """A time that can be booked."""

    starts_at: datetime
    ends_at: datetime


class Availability(msgspec.Struct):
    """The free slots of a clinician, in their order."""

    slots: list[Slot]


class Confirmed(msgspec.Struct):
    """The appointment of a reminder's link is confirmed."""

    confirmed: bool = True


class NewWaitlistEntry(msgspec.Struct, forbid_unknown_fields=True):
    """Who waits for which slots; without weekdays for those of every day."""

    client_id: UUID | None = None
    clinician_id: UUID | None = None
    weekdays: Weekdays = []
    earliest: time = time(0, 0)
    latest: time = time(23, 59)


class WaitlistEntry(msgspec.Struct):
    """A client who waits; times of day are those of the practice."""

    id: UUID
    client_id: UUID
    clinician_id: UUID | None
    weekdays: list[int]
    earliest: time
    latest: time
    status: str
    version: int
    created_at: datetime
