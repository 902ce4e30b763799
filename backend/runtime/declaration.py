"""What a function declares about itself; the manifest is made of these."""

from __future__ import annotations

from dataclasses import dataclass

ADMINISTRATOR = "administrator"
SUPERVISOR = "supervisor"
THERAPIST = "therapist"
ASSOCIATE_TRAINEE = "associate_trainee"
BILLING_STAFF = "billing_staff"
FRONT_DESK = "front_desk"
CLIENT_USER = "client_user"

STAFF = (ADMINISTRATOR, SUPERVISOR, THERAPIST, ASSOCIATE_TRAINEE, BILLING_STAFF, FRONT_DESK)

DATABASE = "telehealth/database"


@dataclass(frozen=True, slots=True)
class Declaration:
    """A function: its name, who may call it at which route, and what it needs.

    `success` is the HTTP status of its success. A `public` function asks nobody who they are.
    """

    name: str
    method: str
    path: str
    roles: tuple[str, ...]
    secrets: tuple[str, ...] = ()
    vendors: tuple[str, ...] = ()
    timeout_seconds: int = 10
    memory_mb: int = 256
    success: int = 200
    public: bool = False

    @property
    def writes(self) -> bool:
        """Whether a call changes something, and so takes an `Idempotency-Key`."""
        return self.method in ("POST", "PUT", "PATCH", "DELETE")
