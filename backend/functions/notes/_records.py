"""What several functions do with a note."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from uuid import UUID

import msgspec

from backend.functions.notes import _queries
from backend.functions.notes._types import Note, NoteVersion, Review, Signature
from backend.runtime.database import Transaction

AUTHOR_AND_SUPERVISOR = "the author of the note and the author's supervisor; administrator reads"
AUTHOR = "the author of the note"
EDITABLE = ("draft", "returned")


def read(db: Transaction, id: UUID) -> Note:
    """Return a note with all that belongs to it.

    Raises:
        NotFound: there is none that the caller sees.
    """
    given = {"id": id}
    note = msgspec.convert(db.one(_queries.GET, given), Note)
    note.versions = msgspec.convert(db.rows(_queries.VERSIONS, given), list[NoteVersion])
    note.signatures = msgspec.convert(db.rows(_queries.SIGNATURES, given), list[Signature])
    note.reviews = msgspec.convert(db.rows(_queries.REVIEWS, given), list[Review])
    return note


def keep_diagnoses(db: Transaction, id: UUID, codes: Sequence[str]) -> None:
    """Replace the diagnoses of a note, in the order of their weight."""
    db.run(_queries.DROP_DIAGNOSES, {"id": id})
    db.run(_queries.ADD_DIAGNOSES, {"id": id, "codes": list(codes)})


def digest(sections: Mapping[str, str]) -> str:
    """Return the SHA-256 of a note's text: of its sections as JSON, ordered by name."""
    return hashlib.sha256(msgspec.json.encode(dict(sections), order="sorted")).hexdigest()
