"""What a function declares about itself; the manifest is made of these."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

ADMINISTRATOR = "administrator"
SUPERVISOR = "supervisor"
THERAPIST = "therapist"
ASSOCIATE_TRAINEE = "associate_trainee"
BILLING_STAFF = "billing_staff"
FRONT_DESK = "front_desk"
CLIENT_USER = "client_user"

STAFF = (ADMINISTRATOR, SUPERVISOR, THERAPIST, ASSOCIATE_TRAINEE, BILLING_STAFF, FRONT_DESK)
CLINICIANS = (SUPERVISOR, THERAPIST, ASSOCIATE_TRAINEE)
EVERYBODY = (*STAFF, CLIENT_USER)

DATABASE = "telehealth/database"
MAIL_SENDER = "/telehealth/mail/sender"
APP_URL = "/telehealth/app/url"
SES = "Amazon SES"
USER_POOL = "Amazon Cognito"

# Sources of events: the system's own, and the sign-in triggers of the user pool.
OWN = "telehealth"
COGNITO = "cognito"


@dataclass(frozen=True, slots=True)
class Route:
    """A method and path of the HTTP API; variables of the path are in braces."""

    method: str
    path: str


@dataclass(frozen=True, slots=True)
class Event:
    """An event that invokes a function: its name, and who sends it."""

    name: str
    source: str = OWN


@dataclass(frozen=True, slots=True)
class RateLimit:
    """At most `calls` in `seconds`, for each caller, or for each address that calls."""

    calls: int
    seconds: int
    by: Literal["caller", "address"] = "caller"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A function: what calls it, who may, and what it needs.

    `success` is the HTTP status of its success. A `public` function asks nobody who they are. Of
    the body of a `confidential` one not even a digest is kept.
    `scope` says in words what narrows the roles further. A function that has no route, event and
    schedule is only ever invoked by name.
    """

    name: str
    route: Route | None = None
    events: tuple[Event, ...] = ()
    schedules: tuple[str, ...] = ()
    roles: tuple[str, ...] = ()
    scope: str = ""
    secrets: tuple[str, ...] = (DATABASE,)
    parameters: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    services: tuple[str, ...] = ()
    timeout_seconds: int = 10
    memory_mb: int = 256
    success: int = 200
    public: bool = False
    confidential: bool = False
    limit: RateLimit | None = None

    @property
    def writes(self) -> bool:
        """Whether a call changes something, and so takes an `Idempotency-Key`."""
        return self.route is not None and self.route.method in ("POST", "PUT", "PATCH", "DELETE")
