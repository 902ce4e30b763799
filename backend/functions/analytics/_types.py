"""What clinical analytics look like to the application."""

from __future__ import annotations

from datetime import date
from uuid import UUID

import msgspec


class Period(msgspec.Struct, forbid_unknown_fields=True, rename={"first": "from", "last": "to"}):
    """A period in days of the practice's time zone, both included; at most 366 days."""

    first: date
    last: date
    clinician_id: UUID | None = None


class ClinicianNumbers(msgspec.Struct):
    """A clinician's numbers in the period.

    `caseload` counts active clients on whose care team they are today. Hours are of the clock:
    `scheduled_hours` by the weekly schedule without approved time off, `booked_hours` of
    appointments neither cancelled nor missed, `utilisation` the ratio of the two, None where
    nothing is scheduled. `notes_late` were signed, or are still open, after their deadline.
    """

    clinician_id: UUID
    full_name: str
    caseload: int
    appointments: int
    completed: int
    no_show: int
    cancelled: int
    cancelled_late: int
    booked_hours: float
    scheduled_hours: float
    notes: int
    notes_late: int
    utilisation: float | None = None


class OutcomeScores(msgspec.Struct):
    """An instrument's scores in the period, of clients with at least two of them.

    `first` and `last` are means of each client's first and last score. A lower score is better.
    """

    instrument: str
    clients: int
    first: float
    last: float
    improved: int


class ClinicalAnalytics(msgspec.Struct):
    """What happened in the period."""

    clinicians: list[ClinicianNumbers]
    outcomes: list[OutcomeScores]
