"""What several functions do with a client's record."""

from __future__ import annotations

from uuid import UUID

import msgspec

from backend.functions.clients import _queries
from backend.functions.clients._types import CareTeamMember, Client, ClinicalDetails
from backend.runtime.database import Transaction
from backend.runtime.declaration import ADMINISTRATOR, ASSOCIATE_TRAINEE, SUPERVISOR, THERAPIST
from backend.runtime.problems import Forbidden

TREATING = (ADMINISTRATOR, SUPERVISOR, THERAPIST, ASSOCIATE_TRAINEE)


def read(db: Transaction, id: UUID) -> Client:
    """Return a client, with clinical details where the caller may see them.

    Raises:
        NotFound: there is none that the caller sees.
    """
    client = msgspec.convert(db.one(_queries.GET, {"id": id}), Client)
    team = db.rows(_queries.CARE_TEAM, {"id": id})
    client.care_team = [msgspec.convert(member, CareTeamMember) for member in team]
    clinical = db.row(_queries.CLINICAL, {"id": id})
    if clinical:
        client.clinical = msgspec.convert(clinical, ClinicalDetails)
    return client


def keep_clinical(db: Transaction, role: str, id: UUID, clinical: ClinicalDetails) -> None:
    """Store clinical details, which only those may who treat the client.

    Raises:
        Forbidden: the caller's role treats nobody, or the caller does not treat this client.
    """
    if role not in TREATING:
        raise Forbidden("`clinical` is for those who treat the client")
    db.run(_queries.KEEP_CLINICAL, {"client_id": id, **msgspec.to_builtins(clinical)})


def clinician(db: Transaction, id: UUID) -> UUID:
    """Return the id of an active clinician of the practice.

    Raises:
        NotFound: there is none of this id.
    """
    db.one(_queries.CLINICIAN, {"id": id})
    return id
