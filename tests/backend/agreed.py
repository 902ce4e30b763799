"""What was agreed upon before anything was written: the functions, their triggers, who may call.

`agreed.csv` is the specification, in its own words. What those words mean stands here, and is not
taken from the code: a role that is added to a declaration by mistake fails a test.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from pathlib import Path

CLINICIANS = frozenset({"supervisor", "therapist", "associate_trainee"})
ADMINISTRATOR = frozenset({"administrator"})
STAFF = CLINICIANS | ADMINISTRATOR | {"billing_staff", "front_desk"}
CLIENT = frozenset({"client_user"})
NOBODY: frozenset[str] = frozenset()

_MEANT: dict[str, frozenset[str]] = {
    "administrator": ADMINISTRATOR,
    "administrator front_desk": ADMINISTRATOR | {"front_desk"},
    "administrator supervisor": ADMINISTRATOR | {"supervisor"},
    "administrator; client_user own": ADMINISTRATOR | CLIENT,
    "admitted participants": CLINICIANS | CLIENT,
    "author": CLINICIANS,
    "author while unlocked": CLINICIANS,
    "author; supervisor of author; administrator read": CLINICIANS | ADMINISTRATOR,
    "billing_staff administrator": ADMINISTRATOR | {"billing_staff"},
    "client_user own; staff witness": STAFF | CLIENT,
    "client_user with the appointment; front_desk": CLIENT | {"front_desk"},
    "clinician of the appointment; administrator": CLINICIANS | ADMINISTRATOR,
    "host": CLINICIANS,
    "host of the session; administrator": CLINICIANS | ADMINISTRATOR,
    "host; admitted participants": CLINICIANS | CLIENT,
    "operator IAM role": NOBODY,
    "public": NOBODY,
    "public (rate limited)": NOBODY,
    "public (token)": NOBODY,
    "self; administrator": STAFF | CLIENT,
    "staff by care team; administrator; front_desk without clinical fields": STAFF,
    "staff by care team; client_user own": STAFF | CLIENT,
    "staff own and assigned; supervisor": STAFF,
    "staff, own scope": STAFF,
    "staff; client_user": STAFF | CLIENT,
    "staff; client_user own": STAFF | CLIENT,
    "staff; own for update; administrator": STAFF,
    "supervisor administrator": ADMINISTRATOR | {"supervisor"},
    "system": NOBODY,
    "the connection itself": CLINICIANS | CLIENT,
    "the waiting client": CLIENT,
    "therapist supervisor administrator": ADMINISTRATOR | {"supervisor", "therapist"},
    "therapist supervisor associate_trainee": CLINICIANS,
}
_ROUTE = re.compile(r"(?:GET|POST|PUT|DELETE) /\S+?(?=[;\s]|$)")
_SCHEDULE = re.compile(r"schedule ((?:cron|rate)\([^)]*\))")


@dataclass(frozen=True)
class Agreed:
    """A function as it was agreed upon."""

    name: str
    domain: str
    trigger: str
    access: str

    @property
    def roles(self) -> frozenset[str]:
        """The roles that may call it; of a note an administrator reads, and writes nothing."""
        meant = _MEANT[self.access]
        reads = not self.access.endswith("administrator read") or self.trigger.startswith("GET ")
        return meant if reads else meant - ADMINISTRATOR

    @property
    def public(self) -> bool:
        """Whether nobody is asked who they are."""
        return self.access.startswith("public")

    @property
    def routes(self) -> list[str]:
        """Its routes, as `GET /clients/{id}`."""
        return _ROUTE.findall(self.trigger)

    @property
    def schedules(self) -> list[str]:
        """Its schedules."""
        return _SCHEDULE.findall(self.trigger)


def _read() -> dict[str, Agreed]:
    path = Path(__file__).with_name("agreed.csv")
    with path.open(encoding="utf-8", newline="") as file:
        return {row["name"]: Agreed(**row) for row in csv.DictReader(file)}


AGREED = _read()
