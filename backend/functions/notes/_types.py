"""What clinical notes look like to the application."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

import msgspec

from backend.runtime.fields import Change, Cursor, Limit, Text, Unset

Kind = Literal["progress", "intake", "treatment_plan", "discharge", "contact"]
Format = Literal["SOAP", "DAP", "BIRP", "free"]
Status = Literal["draft", "signed", "pending_cosignature", "returned", "cosigned", "locked"]
_Section = Annotated[str, msgspec.Meta(pattern=r"^[a-z][a-z_]{0,39}$")]
_Words = Annotated[str, msgspec.Meta(max_length=20_000)]
Sections = Annotated[dict[_Section, _Words], msgspec.Meta(max_length=20)]
_Code = Annotated[str, msgspec.Meta(pattern=r"^[A-Z][0-9][0-9A-Z](\.[0-9A-Z]{1,4})?$")]
Diagnoses = Annotated[list[_Code], msgspec.Meta(max_length=12)]


class NewNote(msgspec.Struct, forbid_unknown_fields=True):
    """A note to be written, of a client whom the author treats; diagnoses by weight."""

    client_id: UUID
    kind: Kind
    appointment_id: UUID | None = None
    format: Format = "SOAP"
    sections: Sections = {}
    diagnoses: Diagnoses = []


class NoteChange(Change, forbid_unknown_fields=True):
    """What may be changed of a draft; `sections` and `diagnoses` are replaced as a whole."""

    kind: Kind | Unset = msgspec.UNSET
    format: Format | Unset = msgspec.UNSET
    appointment_id: UUID | Unset | None = msgspec.UNSET
    sections: Sections | Unset = msgspec.UNSET
    diagnoses: Diagnoses | Unset = msgspec.UNSET


class Cosignature(Change, forbid_unknown_fields=True):
    """A step of the co-signature.

    The author's supervisor approves, or returns with a comment; the author reminds.
    """

    action: Literal["approve", "return", "remind"]
    comment: Text = ""


class NoteListed(msgspec.Struct):
    """A line of the list of notes, without their text."""

    id: UUID
    client_id: UUID
    author_id: UUID
    appointment_id: UUID | None
    kind: str
    format: str
    status: str
    due_at: datetime
    signed_at: datetime | None
    cosignature_due_at: datetime | None
    cosignature_overdue: bool
    locked_at: datetime | None
    version: int
    created_at: datetime
    updated_at: datetime


class NoteVersion(msgspec.Struct):
    """What a note said before it was changed."""

    version: int
    sections: dict[str, str]
    changed_by: UUID
    changed_at: datetime


class Signature(msgspec.Struct):
    """Who signed the text of this digest, as its author or co-signer."""

    user_id: UUID
    kind: str
    sections_sha256: str
    signed_at: datetime


class Review(msgspec.Struct):
    """What a supervisor decided, and said."""

    reviewer_id: UUID
    decision: str
    comment: str
    decided_at: datetime


class Note(NoteListed):
    """A note with its text, former versions, signatures and reviews, each from old to new."""

    sections: dict[str, str]
    diagnoses: list[str] = []
    versions: list[NoteVersion] = []
    signatures: list[Signature] = []
    reviews: list[Review] = []


class NoteFilter(msgspec.Struct, forbid_unknown_fields=True):
    """Which notes are listed."""

    client_id: UUID | None = None
    author_id: UUID | None = None
    status: Status | None = None
    limit: Limit = 50
    cursor: Cursor | None = None


class CosignatureChanged(msgspec.Struct):
    """The event that somebody must be told of: a co-signature reached a state, or waits."""

    note_id: UUID
    state: Literal["pending", "reminded", "overdue", "returned", "cosigned"]
